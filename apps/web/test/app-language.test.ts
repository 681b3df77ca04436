import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { LANGUAGES, pickLanguage } from '@stellarr/core/rules'
import { describe, expect, it } from 'vitest'
import { appLanguageFor } from '../src/logic/app-language.ts'

const BOOT = readFileSync(join(import.meta.dirname, '../public/boot.js'), 'utf8')

/** What the first script shows and fetches for these texts and these languages of a browser. */
function boot(wished: readonly string[], spoken: readonly string[], kept?: string) {
  const fetched: string[] = []
  const root = { lang: '', dataset: {} }
  const dataset = {
    texts: JSON.stringify(Object.fromEntries(spoken.map((language) => [language, `/assets/${language}.js`]))),
    catalogue: LANGUAGES.join(' '),
  }
  const stored: Record<string, string | undefined> = { 'stellarr.language': kept, 'stellarr.session': '{}' }
  runInNewContext(BOOT, {
    document: {
      documentElement: root,
      currentScript: { dataset },
      createElement: () => ({}),
      head: { append: (link: { href: string }) => fetched.push(link.href) },
    },
    localStorage: { getItem: (key: string) => stored[key] ?? null },
    navigator: { languages: wished },
    location: { pathname: '/' },
  })
  return { language: root.lang, fetched }
}

const SPOKEN = ['de', 'en', 'es', 'pt-BR']

describe('the language of the app', () => {
  it.each<[wished: string[], spoken: string[], language: string]>([
    [['pt-BR', 'en'], SPOKEN, 'pt-BR'],
    [['pt-br'], SPOKEN, 'pt-BR'],
    [['pt', 'de'], SPOKEN, 'pt-BR'],
    [['pt-PT', 'de'], SPOKEN, 'pt-BR'],
    [['pt-PT'], ['en', 'pt', 'pt-BR'], 'pt'],
    [['pt-BR'], ['en', 'pt', 'pt-BR'], 'pt-BR'],
    [['de-AT'], SPOKEN, 'de'],
    [['zh-Hant-TW'], ['en', 'zh', 'zh-Hant'], 'zh-Hant'],
    [['xx', 'es-419', 'de'], SPOKEN, 'es'],
    [['e', 'xx'], SPOKEN, 'en'],
    [[], SPOKEN, 'en'],
  ])('of a browser that says %s, of %s: %s, the same before the app is there', (wished, spoken, language) => {
    expect(appLanguageFor(wished, spoken)).toBe(language)
    expect(boot(wished, spoken).language).toBe(language)
  })

  it('is the chosen one, as long as there are texts for it', () => {
    expect(boot(['de'], SPOKEN, 'pt-BR').language).toBe('pt-BR')
    expect(boot(['de'], SPOKEN, 'fr').language).toBe('de')
  })

  it.each([
    ['de-AT', 'de'],
    ['pt-BR', 'en'],
    ['it', 'en'],
  ])(
    'is %s while titles come in %s: a language that the catalogue is not kept in takes the nearest',
    (app, nearest) => {
      expect(boot([app], ['en', app]).fetched).toEqual([
        `/assets/${app}.js`,
        ...['all', 'movie', 'tv'].map((row) => `/trending-${row}-${nearest}.json`),
      ])
      expect(pickLanguage(app)).toBe(nearest)
    },
  )
})
