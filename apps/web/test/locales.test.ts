import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareTexts, faultsOfTexts, languageFiles, unusedAndUnknown } from '../build/check-texts.ts'

describe('texts', () => {
  it('are whole in every language, all used, and none is missing', () => {
    expect(languageFiles()).toEqual(expect.arrayContaining(['de.json', 'en.json', 'es.json', 'fr.json']))
    expect(faultsOfTexts()).toEqual([])
  })

  it('are found out when a key, a name or a plural form differs, or a key is not used or unknown', () => {
    const english = { a: 'One {n}', b: { c: 'one | many' } }
    expect(compareTexts(english, english)).toEqual([])
    expect(compareTexts(english, { a: 'Eins', b: { c: 'eins' } })).toHaveLength(4)
    expect(compareTexts(english, { a: 'Eins {n}' })).toEqual(['missing: b.c  2'])
    expect(unusedAndUnknown(english, "t('a') $t('b.d')")).toEqual(['no text: b.d', 'not used: b.c'])
    expect(unusedAndUnknown(english, "t('a') $t(ok ? 'b.c' : 'b.d')")).toEqual([])
    expect(unusedAndUnknown(english, ["t('a'); t(`b.$", '{x}`)'].join(''))).toEqual([])
  })

  it('name the same counts by the plural rules of the language file', () => {
    for (const file of languageFiles()) {
      const texts: { sheet: { episodes: string } } = JSON.parse(
        readFileSync(join(import.meta.dirname, '../src/locales', file), 'utf8'),
      )
      expect(texts.sheet.episodes.split(' | ')).toHaveLength(3)
    }
  })
})
