// npm run password: sets a new password; needs the app to have been built once by npm start.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../apps/docker/dist/password.mjs', import.meta.url))
if (!existsSync(program)) {
  console.error('Run npm start once first: it builds what this needs.')
  process.exit(1)
}
process.exit(spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1)
