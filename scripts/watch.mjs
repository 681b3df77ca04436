// npm run watch: runs the tests of a part again whenever a file of it changes, under the app's own Node.
import { spawn } from 'node:child_process'
import { env24, findNode24, install, main, ROOT } from './node24.mjs'

const HELP = `npm run watch -- packages/core       runs the tests of a part again at every change of a file that they read
npm run watch -- packages/core -t x  only those whose name holds x
npm run watch                        the unit tests of everything

Any argument of vitest may follow. Tests of built files need "npm test" or "npm run build" before.`

main(async () => {
  const args = process.argv.slice(2)
  if (args.includes('--help')) return console.log(HELP)
  await install('all')
  const projects = args.some((arg) => arg.startsWith('--project')) ? [] : ['--project', 'unit']
  const vitest = spawn(findNode24(), ['node_modules/vitest/vitest.mjs', 'watch', ...projects, ...args], {
    cwd: ROOT,
    env: env24(),
    stdio: 'inherit',
  })
  // The terminal sends Ctrl-C to vitest as well; it ends by itself and this follows.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => vitest.kill('SIGTERM'))
  vitest.on('exit', (code) => process.exit(code ?? 1))
})
