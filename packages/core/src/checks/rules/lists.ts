import type { FaultCode } from '../../base/index.ts'
import { addressText, type FeedAddress } from '../../clients/rules/index.ts'
import type { Check } from './check.ts'

/** What comes of reading a list as its clients do: so many rows, or why not. */
export type ListTried = { rows: number } | { code: FaultCode | 'list_unreadable' }

/** What opens lists that are closed, by why they are; those of a strange store, the admin's word. */
const STEPS: Partial<Record<FaultCode | 'list_unreadable', string>> = {
  store_checking: 'The database is being read through, as after each start. Wait a minute.',
  storage_corrupt: 'The database is damaged. Restore a backup.',
  storage_unavailable: 'The database cannot be read just now. Check its disk, then restart Stellarr.',
  import_running: 'An import has begun and not ended. Let it end, or confirm the store as it is.',
  feed_emptied: 'A list that had titles is empty although nobody removed the last one. Confirm it if that is right.',
  list_unreadable: 'A list does not read as Radarr and Sonarr would read it. Report this with the log.',
}

const stepFor = (code: FaultCode | 'list_unreadable') =>
  STEPS[code] ?? 'The lists are closed until the admin says that this store is the right one.'

/** A list that cannot be read. */
export const closedCheck = (id: string, code: FaultCode | 'list_unreadable'): Check => ({
  id,
  group: 'lists',
  state: 'problem',
  code,
  facts: {},
  nextStep: stepFor(code),
})

/** The lists together, which are open, and each address that a client has read. */
export function listChecks(tried: readonly { address: FeedAddress; outcome: ListTried }[]): Check[] {
  const all: Check = { id: 'lists', group: 'lists', state: 'works', facts: { read: tried.length } }
  return [
    all,
    ...tried.map(({ address, outcome }): Check => {
      const id = `list ${addressText(address)}`
      if ('code' in outcome) return closedCheck(id, outcome.code)
      return { id, group: 'lists', state: 'works', facts: { list: addressText(address), rows: outcome.rows } }
    }),
  ]
}
