/** What command lines share: how they end, and how they tell what the system refused. */

type WithCode = Error & { code: string }

/** True for an error that the system or a driver has named. */
export const hasCode = (error: unknown): error is WithCode =>
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
 * What the system refused, in one line with what to do.
 * @returns an empty text where nobody reads the output any more, undefined for what is no error of the system
 */
export function systemLine(error: unknown): string | undefined {
  if (!hasCode(error) || !/^E[A-Z\d]+$/.test(error.code)) return undefined
  return error.code === 'EPIPE' ? '' : lineOfSystem(error)
}

/** Node names the file where it knows it: not when a file that is open cannot be written. */
function lineOfSystem(error: WithCode): string {
  const [what, advice] = SYSTEM[error.code] ?? []
  const said = what === undefined ? `the system says "${error.message}"` : `${what} (${error.code}): ${advice}`
  const where = 'path' in error && typeof error.path === 'string' ? `${error.path}: ` : ''
  return where === '' ? `${said.charAt(0).toUpperCase()}${said.slice(1)}.` : `${where}${said}.`
}

/**
 * Runs a command line, whose exit code is 1 when it fails.
 * @param lineOf the line for what a person can mend; empty where there is nothing to say, undefined for a mistake of the
 * program, which is told with its stack
 */
export function runProgram(work: () => Promise<void>, lineOf: (error: unknown) => string | undefined): void {
  function fail(error: unknown): void {
    // An output that fails says so twice where a pipeline writes to it.
    if (process.exitCode !== undefined) return
    process.exitCode = 1
    const line = lineOf(error)
    if (line === undefined) console.error('stellarr:', error)
    else if (line !== '') console.error(`stellarr: ${line}`)
  }
  // What is written without waiting for it fails here; whoever waits for it knows better what to say.
  process.stdout.on('error', (error) => setImmediate(fail, error))
  // Work goes on when nobody hears of it.
  process.stderr.on('error', () => undefined)
  work().catch(fail)
}
