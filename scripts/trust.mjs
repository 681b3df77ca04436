// npm run trust: installs and builds what is missing, then kills, cuts, fills, locks and floods (trust).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, buildCommand, buildLambda, env24, findNode24, hashOf, install, main, ROOT } from './node24.mjs'

main(async () => {
  await install('all')
  await build()
  await buildCommand()
  await buildLambda()
  const child = spawn(findNode24(), [join(ROOT, 'trust/main.ts'), ...process.argv.slice(2)], {
    env: {
      ...env24(),
      STELLARR_TRUST_BUILD: hashOf(['packages', 'apps', 'infra', 'trust', 'test', 'pnpm-lock.yaml']).slice(0, 16),
    },
    stdio: 'inherit',
  })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => process.exit(code ?? 1))
})
