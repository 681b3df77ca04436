import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BadSetting, SECRET_SETTINGS } from '@stellarr/http/settings'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withSecretFiles } from '../src/secret-files.ts'
import { readSettings } from '../src/settings.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-secret-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A file with this content; answers its path. */
function file(content: string | Buffer, name = 'secret'): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('a secret in a file of its own', () => {
  it('is read for every setting that holds one, without the end of its line', () => {
    const path = file('0123456789abcdef0123456789abcdef\n')
    const given = Object.fromEntries(SECRET_SETTINGS.map((name) => [`${name}_FILE`, path]))
    const read = withSecretFiles(given)
    for (const name of SECRET_SETTINGS) expect([name, read[name]]).toEqual([name, '0123456789abcdef0123456789abcdef'])
    expect(SECRET_SETTINGS).toEqual(expect.arrayContaining(['FEED_TOKEN', 'PLEX_WEBHOOK_TOKEN', 'VAPID_PRIVATE_KEY']))
  })

  it('counts as the setting itself: two tokens while rotating, the same rules', () => {
    const path = file('first-token-of-16,second-token-of-16\r\n')
    expect(readSettings({ FEED_TOKEN_FILE: path }).feedTokens).toEqual(['first-token-of-16', 'second-token-of-16'])
    expect(() => readSettings({ ADMIN_PASSWORD_FILE: file('short') })).toThrow('ADMIN_PASSWORD: expected at least 10')
    expect(readSettings({ SYNC_TOKEN_FILE: ' ', FEED_TOKEN: '' }).syncTokens).toEqual([])
  })

  it('may be written by an editor of Windows', () => {
    const marked = file(Buffer.from('\ufeffadmin-password-1\r\n', 'utf16le'))
    expect(readSettings({ ADMIN_PASSWORD_FILE: marked }).adminPassword).toBe('admin-password-1')
  })

  it('stops the start in one line that names the variable', () => {
    const path = file('0123456789abcdef')
    const refusalOf = (env: Record<string, string>) => {
      try {
        readSettings(env)
      } catch (error) {
        expect(error).toBeInstanceOf(BadSetting)
        return error instanceof Error ? error.message : ''
      }
      return undefined
    }
    expect(refusalOf({ FEED_TOKEN: 'feed-token-of-mine', FEED_TOKEN_FILE: path })).toBe(
      'FEED_TOKEN and FEED_TOKEN_FILE: expected one of them, not both.',
    )
    const nowhere = join(folder, 'nowhere')
    expect(refusalOf({ FEED_TOKEN_FILE: nowhere })).toBe(
      `FEED_TOKEN_FILE: expected a file that can be read (${nowhere}: ENOENT).`,
    )
    expect(refusalOf({ FEED_TOKEN_FILE: folder })).toMatch(/^FEED_TOKEN_FILE: .+ EISDIR\)\.$/)
    for (const content of ['\n', 'one-token-of-16-x\nanother-token-of-16']) {
      const wrong = file(content, 'wrong')
      expect(refusalOf({ FEED_TOKEN_FILE: wrong })).toBe(`FEED_TOKEN_FILE: expected one line in ${wrong}.`)
    }
  })
})
