import { isFault } from '@stellarr/core'
import { hasCode, systemLine } from '@stellarr/http/program'
import { Stop } from './stop.ts'

/**
 * The one line for a failure that a person can mend.
 * @returns an empty text where nobody reads the output any more, undefined for what is a mistake of the program
 */
export function failureLine(error: unknown): string | undefined {
  if (error instanceof Stop) return error.message
  if (isFault(error)) {
    const { cause } = error
    const why = cause instanceof Error ? ` (${cause.message})` : ''
    return `${error.message}${why}${error.code === 'storage_unavailable' ? ` ${adviceFor(cause)}` : ''}`
  }
  return systemLine(error)
}

/** What to do about a store that cannot be reached. */
const adviceFor = (cause: unknown): string =>
  hasCode(cause) && /^SQLITE_(READONLY|CANTOPEN|PERM)/.test(cause.code)
    ? 'SQLite writes beside a database even to read it: let this user write to the file and its folder, or name a copy in a folder of yours.'
    : 'Then run the same command again: it goes on where it stopped.'
