// Loaded before a program: kills it, as a machine that loses its power would, before the change of the file system that
// DIE_AT counts to. Says at the end how many there were.
import fs from 'node:fs'

const dieAt = Number(process.env.DIE_AT ?? Number.POSITIVE_INFINITY)
let changes = 0
for (const name of ['renameSync', 'rmSync', 'mkdirSync', 'writeFileSync', 'fsyncSync'] as const) {
  const real = fs[name] as (...args: unknown[]) => unknown
  const counted = (...args: unknown[]) => {
    if (changes === dieAt) process.kill(process.pid, 'SIGKILL')
    changes += 1
    return real(...args)
  }
  Object.assign(fs, { [name]: counted })
}
process.on('exit', () => console.error(`changes: ${changes}`))
