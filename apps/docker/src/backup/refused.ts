/** What a person can mend about a backup, in one line. */
export class Refused extends Error {}

/** The system's code of an error, as `ENOSPC`; else its name. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
