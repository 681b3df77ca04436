import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const LAYER = join(import.meta.dirname, '../dist/web-push-layer')

it('gives a function that has nothing beside it web-push, by require', () => {
  expect(existsSync(`${LAYER}.zip`)).toBe(true)
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-layer-'))
  const program = join(folder, 'index.mjs')
  writeFileSync(
    program,
    `import { createRequire } from 'node:module'
    const { generateVAPIDKeys } = createRequire(import.meta.url)('web-push')
    console.log(JSON.stringify(generateVAPIDKeys()))`,
  )
  try {
    // As Lambda sets it, for what it unpacks to /opt.
    const env = { NODE_PATH: join(LAYER, 'nodejs/node_modules') }
    const keys: unknown = JSON.parse(execFileSync(process.execPath, [program], { env, encoding: 'utf8' }))
    expect(keys).toEqual({ publicKey: expect.stringMatching(/^.{87}$/), privateKey: expect.stringMatching(/^.{43}$/) })
    expect(() => execFileSync(process.execPath, [program], { env: {}, stdio: 'pipe' })).toThrow('web-push')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
