import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canBeFirst, STOP_WAYS, type StopWay, tryEarlyStops, tryStops } from './stop-ways.ts'

/** One signal to the app alone is tried under load, with the start. */
const ways = (Object.keys(STOP_WAYS) as StopWay[]).filter((way) => !/^\w+ to the app$/.test(way))

describe.concurrent('a stop', () => {
  it.each(ways)('by %s cuts no answer and leaves nothing running', async (way) => {
    expect(await tryStops(way, 1)).toEqual({ tried: 1, survived: 1, wrong: [] })
  })

  it('ends a start that is under way', async () => {
    expect(await tryEarlyStops(3, false)).toEqual({ tried: 3, survived: 3, wrong: [] })
  })

  it.runIf(canBeFirst())('ends a start of the first process of a container', async () => {
    expect(await tryEarlyStops(3, true)).toEqual({ tried: 3, survived: 3, wrong: [] })
  })

  it('of npm start ends the step that is running, with all that it has started', async () => {
    const step =
      "require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); setTimeout(() => {}, 60_000)"
    const module = JSON.stringify(join(import.meta.dirname, '../scripts/node24.mjs'))
    const program = `import { attempt } from ${module}
      attempt('Waiting', process.execPath, ['-e', ${JSON.stringify(step)}])
      setTimeout(() => console.log('begun'), 300)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.kill('SIGTERM')
    // The pipe of the step is held by all that it has started: it closes when the last of them is gone.
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(143)
  })
})
