import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLIENT_CALLS } from '@stellarr/core/rules'
import { describe, expect, it } from 'vitest'
import { languageFiles } from '../build/check-texts.ts'
import { withTexts } from '../build/preload-texts.ts'
import { shellFiles } from '../build/service-worker.ts'

const DIST = join(import.meta.dirname, '../dist')

describe('the built page', () => {
  it('names the file of each language on its first script, and those files are there', () => {
    expect(withTexts('<head><script src="/boot.js"></script>', { en: '/assets/en-1.js' })).toBe(
      '<head><script src="/boot.js" data-texts="{&quot;en&quot;:&quot;/assets/en-1.js&quot;}" data-catalogue="en es fr de"></script>',
    )
    expect(() => withTexts('<head></head>', {})).toThrow(/boot\.js/)
    const [, texts = ''] = /data-texts="([^"]+)"/.exec(readFileSync(join(DIST, 'index.html'), 'utf8')) ?? []
    const files: Record<string, string> = JSON.parse(texts.replaceAll('&quot;', '"'))
    expect(Object.keys(files).map((language) => `${language}.json`)).toEqual(expect.arrayContaining(languageFiles()))
    for (const file of Object.values(files)) expect(readFileSync(join(DIST, file), 'utf8').length).toBeGreaterThan(1000)
  })
})

describe('the offline shell', () => {
  it('is the app’s files: hashed ones by name, others by what is in them, not itself, pictures of icons or programs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stellarr-shell-'))
    mkdirSync(join(folder, 'assets'))
    for (const file of ['index.html', 'assets/index-1a2b.js', 'service-worker.js', 'icon.png', 'library-agent.mjs']) {
      writeFileSync(join(folder, file), file)
    }
    const files = shellFiles(folder)
    expect(files.map(({ url }) => url)).toEqual(['/assets/index-1a2b.js', '/index.html'])
    expect(files.map(({ revision }) => revision === null)).toEqual([true, false])
    writeFileSync(join(folder, 'index.html'), 'another')
    expect(shellFiles(folder)[1]?.revision).not.toBe(files[1]?.revision)
    rmSync(folder, { recursive: true })
  })

  it('holds every file that was built', () => {
    const worker = readFileSync(join(DIST, 'service-worker.js'), 'utf8')
    for (const { url } of shellFiles(DIST)) expect(worker).toContain(url)
    // It names what clients ask the server for, to leave it alone, and nothing else of the API.
    const rest = CLIENT_CALLS.reduce((text, call) => text.replaceAll(call, ''), worker)
    expect(rest).not.toContain('/api/')
  })
})
