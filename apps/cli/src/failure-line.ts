import { isFault } from '@stellarr/core'
import { Stop } from './stop.ts'

type WithCode = Error & { code: string }

const hasCode = (error: unknown): error is WithCode =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'

/** What the system's errors mean, and what to do. */
const SYSTEM: Record<string, [what: string, advice: string]> = {
  ENOENT: ['there is no such file or folder', 'make the folder, or name another place'],
  ENOTDIR: ['a part of this path is no folder', 'name another place'],
  EEXIST: ['something else has this name', 'name another place'],
  EISDIR: ['this is a folder', 'name a file'],
  ENAMETOOLONG: ['this name is too long', 'name another place'],
  EACCES: ['this user may not do that there', 'name another place, or give the right'],
  EPERM: ['this user may not do that there', 'name another place, or give the right'],
  EROFS: ['nothing can be written there', 'name another place, or - for standard output'],
  ENOSPC: ['the disk is full', 'make room, then run the same command again'],
}

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
  if (!hasCode(error) || !/^E[A-Z\d]+$/.test(error.code)) return undefined
  return error.code === 'EPIPE' ? '' : systemLine(error)
}

/** What to do about a store that cannot be reached. */
const adviceFor = (cause: unknown): string =>
  hasCode(cause) && /^SQLITE_(READONLY|CANTOPEN|PERM)/.test(cause.code)
    ? 'SQLite writes beside a database even to read it: let this user write to the file and its folder, or name a copy in a folder of yours.'
    : 'Then run the same command again: it goes on where it stopped.'

/** Node names the file where it knows it: not when a file that is open cannot be written. */
function systemLine(error: WithCode): string {
  const [what, advice] = SYSTEM[error.code] ?? []
  const said = what === undefined ? `the system says "${error.message}"` : `${what} (${error.code}): ${advice}`
  const where = 'path' in error && typeof error.path === 'string' ? `${error.path}: ` : ''
  return where === '' ? `${said.charAt(0).toUpperCase()}${said.slice(1)}.` : `${where}${said}.`
}
