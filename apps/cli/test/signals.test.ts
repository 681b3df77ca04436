import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { aFolder, cli, furnish, withFile } from './cli-house.ts'

const folder = aFolder()
const at = (name: string) => join(folder, name)
const RUNNER = fileURLToPath(new URL('./run-cli.ts', import.meta.url))

beforeAll(() => withFile(at('full.db'), (store) => furnish(store, 3_000)))

/** Starts the command in a process whose temporary files lie in a folder of their own. */
function start(args: readonly string[]) {
  const temporary = mkdtempSync(at('tmp-'))
  const child = spawn(process.execPath, [RUNNER, ...args], { env: { ...process.env, TMPDIR: temporary } })
  const bytes = () =>
    readdirSync(temporary, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
  return {
    child,
    /** Waits until a copy of the house lies there. */
    copied: () => vi.waitFor(() => expect(bytes()).toBeGreaterThan(10), { timeout: 20_000 }),
    left: () => readdirSync(temporary),
  }
}

describe.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, code) => {
  it('ends an import from standard input, and no copy of the house is left', async () => {
    const { child, copied, left } = start(['import', '-', '--store', `sqlite:${at('never.db')}`])
    child.stdin.write('{"kind":"header"}\n')
    await copied()
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([code, null])
    expect(left()).toEqual([])
  })

  it('ends an export to standard output, and no copy of the house is left', async () => {
    const { child, copied, left } = start(['export', '-', '--store', `sqlite:${at('full.db')}`])
    child.stdout.pause()
    await copied()
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([code, null])
    expect(left()).toEqual([])
  })
})

it('is taken back when the command has ended', async () => {
  const before = ['SIGHUP', 'SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal))
  await cli(['export', '-', '--store', `sqlite:${at('full.db')}`])
  expect(['SIGHUP', 'SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal))).toEqual(before)
})
