import { ref } from 'vue'
import { loadSeen, saveSeen } from './last-seen.ts'

const SEEN = 'searches'
const MOST = 8

const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')

/** What was searched for on this device, latest first; it goes with the session. */
export function createRecentSearches() {
  const list = ref(loadSeen(SEEN, isList) ?? [])

  function keep(next: string[]): void {
    list.value = next
    saveSeen(SEEN, next.length > 0 ? next : undefined)
  }

  return {
    list,
    /** Puts a search first. */
    add(query: string): void {
      const text = query.trim()
      if (text === '') return
      const others = list.value.filter((known) => known.toLowerCase() !== text.toLowerCase())
      keep([text, ...others].slice(0, MOST))
    },
    remove: (query: string) => keep(list.value.filter((known) => known !== query)),
    clear: () => keep([]),
  }
}
