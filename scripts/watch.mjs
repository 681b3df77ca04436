// npm run watch: runs the tests of a part again whenever a file of it changes, under the app's own Node.
import { spawn } from 'node:child_process'
import { env24, findNode24, install, main, ROOT } from './node24.mjs'
import { partsOf } from './parts.mjs'

const HELP = `npm run watch -- packages/core       runs the tests of a part again at every change of a file that they read
npm run watch -- packages/core -t x  only those whose name holds x
npm run watch                        the unit tests of everything

Any argument of vitest may follow. Tests of built files need "npm test" or "npm run build" before. The storage contract's
test of itself (packages/core/test/broken-adapters.test.ts) is left to "npm test" unless it is named.`

main(async () => {
  const args = process.argv.slice(2)
  if (args.includes('--help')) return console.log(HELP)
  await install('all')
  const projects = args.some((arg) => arg.startsWith('--project')) ? [] : ['--project', 'unit']
  // The contract's test of itself takes longer than all else of core, and hangs on nearly every file there.
  const left = args.some((arg) => arg.includes('broken-adapters')) ? [] : ['--exclude', '**/broken-adapters.test.ts']
  // Core's tests share nothing, so its files may share a process: a rerun takes little more than half the time.
  const parts = partsOf(args)
  const shared = parts.length === 1 && parts[0] === 'packages/core' ? ['--no-isolate'] : []
  const vitest = spawn(
    findNode24(),
    ['node_modules/vitest/vitest.mjs', 'watch', ...projects, ...left, ...shared, ...args],
    {
      cwd: ROOT,
      env: env24(),
      stdio: 'inherit',
    },
  )
  // The terminal sends Ctrl-C to vitest as well; it ends by itself and this follows.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => vitest.kill('SIGTERM'))
  vitest.on('exit', (code) => process.exit(code ?? 1))
})
