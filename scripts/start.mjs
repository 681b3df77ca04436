// npm start: installs and builds what is missing, then serves.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, env24, findNode24, install, main, ROOT } from './node24.mjs'

const HELP = `npm start            installs and builds what is missing, then serves on http://localhost:8080
npm start -- --help  this text

Settings are environment variables or lines of a .env file here; see .env.example.`

main(async () => {
  if (process.argv.includes('--help')) return console.log(HELP)
  await install('app')
  await build()
  const app = spawn(findNode24(), [join(ROOT, 'apps/docker/dist/main.mjs')], {
    cwd: ROOT,
    env: env24(),
    stdio: 'inherit',
  })
  // The terminal sends Ctrl-C to the app as well; it ends by itself and this follows.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => app.kill('SIGTERM'))
  app.on('exit', (code) => process.exit(code ?? 1))
})
