import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareTexts, faultsOfTexts, languageFiles, shapesOf, unusedAndUnknown } from '../build/check-texts.ts'

describe('texts', () => {
  it('are whole in every language, all used, and none is missing', () => {
    expect(languageFiles()).toEqual(expect.arrayContaining(['de.json', 'en.json', 'es.json', 'fr.json']))
    expect(faultsOfTexts()).toEqual([])
  })

  it('are found out when a key, a name or a plural form differs, or a key is not used or unknown', () => {
    const english = { a: 'One {n}', b: { c: 'one | many' } }
    expect(compareTexts('it.json', english, english)).toEqual([])
    expect(compareTexts('it.json', english, { a: 'Uno', b: { c: 'uno' } })).toEqual([
      'it.json differs in 2 texts: a (no names, 1 form; English: {n}, 1 form), b.c (no names, 1 form; English: no names, 2 forms)',
    ])
    expect(compareTexts('it.json', english, { a: 'Uno {n}', b: 2 })).toEqual([
      'it.json lacks 1 of 2 texts: b.c',
      'it.json has 1 text that English has not: b',
    ])
    expect(unusedAndUnknown(english, "t('a') $t('b.d')")).toEqual(['no text: b.d', 'not used: b.c'])
    expect(unusedAndUnknown(english, "t('a') $t(ok ? 'b.c' : 'b.d')")).toEqual([])
    expect(unusedAndUnknown(english, ["t('a'); t(`b.$", '{x}`)'].join(''))).toEqual([])
  })

  it('are told of in three lines at most, however much is missing', () => {
    const english = Object.fromEntries(Array.from({ length: 404 }, (_, index) => [`text${index}`, 'A text']))
    expect(compareTexts('it.json', english, { text0: 'Un testo', text9: null })).toEqual([
      'it.json lacks 402 of 404 texts: text1, text2, text3, text4, text5, …',
      'it.json differs in 1 text: text9 (no text; English: no names, 1 form)',
    ])
  })

  it('count by the plural rules of the language file: none, one, many', () => {
    for (const file of languageFiles()) {
      const texts: object = JSON.parse(readFileSync(join(import.meta.dirname, '../src/locales', file), 'utf8'))
      expect(shapesOf(texts).get('sheet.episodes'), file).toMatch(/ 3 forms$/)
    }
  })
})
