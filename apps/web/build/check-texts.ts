import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const SRC = join(import.meta.dirname, '../src')
const LOCALES = join(SRC, 'locales')

/** The languages' files by code. */
export const languageFiles = (): string[] => readdirSync(LOCALES).filter((file) => file.endsWith('.json'))

/** Every text as `key {names} forms`: what all languages must have in common. */
export function shapeOf(messages: object, prefix = ''): string[] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string'
      ? `${prefix}${key} ${[...new Set(value.match(/\{\w+\}/g) ?? [])].sort().join('')} ${value.split(' | ').length}`
      : shapeOf(value, `${prefix}${key}.`),
  )
}

/** What one language lacks or has too much, held against English. */
export function compareTexts(english: object, other: object): string[] {
  const [wanted, given] = [shapeOf(english), shapeOf(other)]
  return [
    ...wanted.filter((line) => !given.includes(line)).map((line) => `missing: ${line}`),
    ...given.filter((line) => !wanted.includes(line)).map((line) => `not in English: ${line}`),
  ]
}

/** Texts that the sources name but no language has, and texts that nothing names. */
export function unusedAndUnknown(english: object, sources: string): string[] {
  // `t('a.b')` names one text; t(`a.${x}`) names all below `a.`.
  const named = [...sources.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key]) => key ?? '')
  // One named in a choice, `t(x ? 'a.b' : 'c.d')`, stands alone in quotes.
  const quoted = [...sources.matchAll(/'([\w]+(?:\.\w+)+)'/g)].map(([, key]) => key ?? '')
  const below = [...sources.matchAll(/`([\w.]+\.)\$\{/g)].map(([, prefix]) => prefix ?? '')
  const keys = shapeOf(english).map((line) => line.split(' ')[0] ?? '')
  return [
    ...named.filter((key) => !keys.includes(key)).map((key) => `no text: ${key}`),
    ...keys
      .filter((key) => !named.includes(key) && !quoted.includes(key) && !below.some((prefix) => key.startsWith(prefix)))
      .map((key) => `not used: ${key}`),
  ]
}

/** Everything that is wrong with the texts, a line each. */
export function faultsOfTexts(): string[] {
  const read = (file: string): object => JSON.parse(readFileSync(join(LOCALES, file), 'utf8'))
  const english = read('en.json')
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(vue|ts)$/.test(file))
    .map((file) => readFileSync(join(SRC, file), 'utf8'))
    .join('\n')
  return [
    ...languageFiles().flatMap((file) => compareTexts(english, read(file)).map((fault) => `${file}: ${fault}`)),
    ...unusedAndUnknown(english, sources),
  ]
}

/** Stops a build whose texts are not whole. */
export function checkTexts(): Plugin {
  return {
    name: 'check-texts',
    apply: 'build',
    buildStart() {
      const faults = faultsOfTexts()
      if (faults.length > 0) this.error(`The texts in src/locales are not whole:\n${faults.join('\n')}`)
    },
  }
}
