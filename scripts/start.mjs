// npm start: installs and builds what is missing, then serves.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { build, env24, findNode24, install, main, ROOT } from './node24.mjs'

const HELP = `npm start            installs and builds what is missing, then serves on http://localhost:8080
npm start -- --help  this text

Settings are environment variables or lines of a .env file here; see .env.example.`

/** How often we look whether npm is still there. */
const PARENT_MS = 250

/** Where npm ends without telling us, as when it is killed, nobody waits for the app any more: it is stopped. */
function stopWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, PARENT_MS)
  watch.unref()
}

main(async () => {
  if (process.argv.includes('--help')) return console.log(HELP)
  stopWithParent()
  await install('app')
  await build()
  let app
  // A group has sent them to the app as well, which takes several for one. It stops by itself, and this follows.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal))
  app = spawn(findNode24(), [join(ROOT, 'apps/docker/dist/main.mjs')], {
    cwd: ROOT,
    env: env24(),
    // The channel tells the app when this process is killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  app.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
})
