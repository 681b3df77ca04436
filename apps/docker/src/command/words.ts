import type { Manifest } from '../backup/manifest.ts'

const WORDS = {
  requests: ['request', 'requests'],
  library_items: ['library item', 'library items'],
  devices: ['device', 'devices'],
  settings: ['setting', 'settings'],
} as const

/** `5 requests, 1,200 library items, 1 device, 9 settings`. */
export const amounts = (counts: Manifest['counts']): string =>
  // `keys` forgets which names there are.
  (Object.keys(WORDS) as (keyof typeof WORDS)[])
    .map((name) => `${counts[name].toLocaleString('en')} ${WORDS[name][counts[name] === 1 ? 0 : 1]}`)
    .join(', ')
