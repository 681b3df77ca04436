import type en from './en.json'

/** The texts of one language, in the form of the English ones. */
export type Texts = typeof en

// A language is one file here: its name is the language's tag (`it`, `pt-BR`), and it is loaded when it is chosen.
const files = import.meta.glob<Texts>('./*.json', { import: 'default' })

export type AppLanguage = string

/** The tags of the languages that there is a file for, in order. */
export const APP_LANGUAGES: readonly AppLanguage[] = Object.keys(files)
  .map((path) => path.slice(2, -'.json'.length))
  .sort()

/** The texts of a language. Throws for a language without a file and when it cannot be fetched. */
export function loadTexts(language: AppLanguage): Promise<Texts> {
  const load = files[`./${language}.json`]
  if (!load) throw new Error(`no texts for ${language}`)
  return load()
}
