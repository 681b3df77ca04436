// The command as a process of its own, from its source: `node run-cli.ts export …`. It kills itself, as a machine that
// loses its power would, once the file DIE_FILE has DIE_BYTES.
import { existsSync, statSync } from 'node:fs'
import { run } from '../src/run.ts'

const { DIE_FILE: file, DIE_BYTES } = process.env
if (file !== undefined) {
  setInterval(() => {
    if (existsSync(file) && statSync(file).size > Number(DIE_BYTES)) process.kill(process.pid, 'SIGKILL')
  }, 0).unref()
}

run(process.argv.slice(2), {
  env: {},
  version: '0.0.0',
  input: process.stdin,
  output: process.stdout,
  say: (text) => console.error(text),
}).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
