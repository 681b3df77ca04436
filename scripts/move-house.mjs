// npm run export, npm run import: the stellarr command, built when it is missing. Installs what is missing for it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildCommand, env24, findNode24, install, main, ROOT } from './node24.mjs'

main(async () => {
  await install('command')
  await buildCommand()
  const args = [join(ROOT, 'apps/cli/dist/stellarr.mjs'), ...process.argv.slice(2)]
  const command = spawn(findNode24(), args, { cwd: ROOT, env: env24(), stdio: 'inherit' })
  // The terminal sends Ctrl-C to the command as well.
  process.on('SIGINT', () => {})
  // Others come here alone; the command tidies up before it ends.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => command.kill(signal))
  command.on('exit', (code) => process.exit(code ?? 1))
})
