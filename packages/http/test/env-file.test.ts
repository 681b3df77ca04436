import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadEnvFile } from '../src/env-file.ts'
import { BadSetting } from '../src/settings.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const NAMES = ['STELLARR_TEST_KEY', 'STELLARR_TEST_LEVEL']

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-env-'))
})
afterEach(() => {
  for (const name of NAMES) delete process.env[name]
  rmSync(folder, { recursive: true, force: true })
})

/** What a `.env` file with these bytes sets. */
function load(bytes: Buffer) {
  writeFileSync(join(folder, '.env'), bytes)
  loadEnvFile(folder)
  return NAMES.map((name) => process.env[name])
}

const text = `STELLARR_TEST_KEY=${KEY}\r\nexport STELLARR_TEST_LEVEL="grün" # as ever\r\n`
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16()

describe('a .env file', () => {
  it.each([
    ['plain', Buffer.from(text)],
    ['with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['in UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['in UTF-16 with the larger byte first', swapped(Buffer.from(`\ufeff${text}`, 'utf16le'))],
  ])('is read %s', (_how, bytes) => {
    expect(load(bytes)).toEqual([KEY, 'grün'])
  })

  it.each([
    ['added to in UTF-16', Buffer.concat([Buffer.from('A=1\n'), Buffer.from(text, 'utf16le')])],
    ['in UTF-16 without a mark', Buffer.from(text, 'utf16le')],
  ])('%s is refused rather than read in part', (_how, bytes) => {
    expect(() => load(bytes)).toThrow(BadSetting)
    expect(() => load(bytes)).toThrow(/^\.env: expected text in UTF-8, .+ anew in an editor\.$/)
    expect(process.env.STELLARR_TEST_KEY).toBeUndefined()
  })

  it('changes nothing that the environment has, and may be missing', () => {
    process.env.STELLARR_TEST_KEY = 'given'
    expect(load(Buffer.from(text))).toEqual(['given', 'grün'])
    expect(() => loadEnvFile(join(folder, 'nowhere'))).not.toThrow()
  })
})
