// npm run deploy:aws: puts the whole deployment on AWS, changes it, or removes it. `--help` says how.
import { join } from 'node:path'
import { build, buildLambda, ensureNode24, install, loadEnvFile, main, ROOT, Stop } from './node24.mjs'

main(async () => {
  await install('all')
  ensureNode24(import.meta.url)
  await loadEnvFile()
  const command = await import('../infra/src/deploy/main.ts')
  const buildAll = async () => {
    await build()
    await buildLambda()
  }
  try {
    await command.main(process.argv.slice(2), { build: buildAll, siteDir: join(ROOT, 'apps/web/dist') })
  } catch (error) {
    throw error instanceof command.Refusal ? new Stop(error.message) : error
  }
})
