// A restore as a process of its own that kills itself, as a machine that loses its power would, before the change of the
// file system that DIE_AT counts to: `node kill-restore.ts <data folder> <backup>`. Prints how many there were.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

let left = Number(process.env.DIE_AT ?? Number.POSITIVE_INFINITY)
let changes = 0
for (const name of ['renameSync', 'rmSync', 'mkdirSync', 'writeFileSync', 'fsyncSync'] as const) {
  const real = fs[name] as (...args: unknown[]) => unknown
  const counted = (...args: unknown[]) => {
    changes += 1
    left -= 1
    if (left < 0) process.kill(process.pid, 'SIGKILL')
    return real(...args)
  }
  Object.assign(fs, { [name]: counted })
}
syncBuiltinESMExports()

const { run } = await import('../src/command/run.ts')
const [dataDir = '', backup = ''] = process.argv.slice(2)
const env = { DATA_DIR: dataDir }
const around = { env, version: '1.2.3', input: process.stdin, output: process.stderr, say: () => undefined }
await run(['restore', backup, '--yes'], around)
console.log(changes)
