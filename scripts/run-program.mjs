import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { env24, findNode24, ROOT } from './node24.mjs'

/** Runs a built program with the arguments of this one, and ends as it does. */
export function runProgram(path) {
  const args = [join(ROOT, path), ...process.argv.slice(2)]
  const program = spawn(findNode24(), args, { cwd: ROOT, env: env24(), stdio: 'inherit' })
  // The terminal sends Ctrl-C to the program as well.
  process.on('SIGINT', () => {})
  // Others come here alone; the program tidies up before it ends.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => program.kill(signal))
  program.on('exit', (code) => process.exit(code ?? 1))
}
