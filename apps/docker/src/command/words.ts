import type { Manifest } from '../backup/manifest.ts'

const WORDS = {
  requests: ['request', 'requests'],
  library_items: ['library item', 'library items'],
  devices: ['device', 'devices'],
  settings: ['setting', 'settings'],
} as const

/** `1,200 library items`. */
export const amount = (name: keyof typeof WORDS, count: number): string =>
  `${count.toLocaleString('en')} ${WORDS[name][count === 1 ? 0 : 1]}`

/** `5 requests, 1,200 library items, 1 device, 9 settings`. */
export const amounts = (counts: Manifest['counts']): string =>
  // `keys` forgets which names there are.
  (Object.keys(WORDS) as (keyof typeof WORDS)[]).map((name) => amount(name, counts[name])).join(', ')
