// The deploy command over what is built already, as scripts/deploy-aws.mjs runs it, in a world that knows no domains:
// node run-deploy.mjs [options].
import { fileURLToPath } from 'node:url'
import { main, Refusal } from '../../src/deploy/main.ts'

const siteDir = fileURLToPath(new URL('../../../apps/web/dist', import.meta.url))
try {
  await main(process.argv.slice(2), { build: async () => undefined, siteDir, nameServers: async () => [] })
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error)
  process.exitCode = 1
}
