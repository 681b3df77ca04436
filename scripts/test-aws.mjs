// npm run test:aws: the Chromium tests once more, against the whole AWS deployment on this machine as its template
// describes it (see npm run aws:local), and the deploy command as a user runs it, again and again.
import { existsSync } from 'node:fs'
import { build, buildLambda, env24, install, main, run, Stop } from './node24.mjs'

main(async () => {
  const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  if (!existsSync(chromium)) throw new Stop(`CHROMIUM_PATH: expected a Chromium; there is none at ${chromium}.`)
  await install('all')
  await build()
  await buildLambda()
  const args = ['vitest', 'run', '--project', 'browser-aws', '--project', 'deploys', ...process.argv.slice(2)]
  await run('vitest', 'npx', args, { env: { ...env24(), CHROMIUM_PATH: chromium }, loud: true })
})
