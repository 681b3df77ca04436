import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const SRC = join(import.meta.dirname, '../src')
const LOCALES = join(SRC, 'locales')

/** The files of the languages. */
export const languageFiles = (): string[] => readdirSync(LOCALES).filter((file) => file.endsWith('.json'))

/** What every language must have in common in one text: the names in it and the number of its plural forms. */
const shapeOf = (value: unknown): string => {
  if (typeof value !== 'string') return 'no text'
  const names = [...new Set(value.match(/\{\w+\}/g) ?? [])].sort()
  const forms = value.split(' | ').length
  return [names.join(' ') || 'no names', forms === 1 ? '1 form' : `${forms} forms`].join(', ')
}

/** The shape of every text by its key. */
export function shapesOf(messages: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? [...shapesOf(value, `${prefix}${key}.`)]
        : [[`${prefix}${key}`, shapeOf(value)] as const],
    ),
  )
}

/** How many of many findings are named. */
const NAMED = 5

const firstOf = (findings: readonly string[]) =>
  findings.slice(0, NAMED).join(', ') + (findings.length > NAMED ? ', …' : '')

const inTexts = (count: number) => (count === 1 ? '1 text' : `${count} texts`)

/** What is wrong with the texts of a file held against English: at most three lines, however much is missing. */
export function compareTexts(file: string, english: object, other: object): string[] {
  const [wanted, given] = [shapesOf(english), shapesOf(other)]
  const lacks = [...wanted.keys()].filter((key) => !given.has(key))
  const unknown = [...given.keys()].filter((key) => !wanted.has(key))
  const differs = [...given].flatMap(([key, shape]) => {
    const expected = wanted.get(key) ?? shape
    return shape === expected ? [] : [`${key} (${shape}; English: ${expected})`]
  })
  return [
    ...(lacks.length > 0 ? [`${file} lacks ${lacks.length} of ${wanted.size} texts: ${firstOf(lacks)}`] : []),
    ...(unknown.length > 0 ? [`${file} has ${inTexts(unknown.length)} that English has not: ${firstOf(unknown)}`] : []),
    ...(differs.length > 0 ? [`${file} differs in ${inTexts(differs.length)}: ${firstOf(differs)}`] : []),
  ]
}

/** Texts that the sources name but no language has, and texts that nothing names. */
export function unusedAndUnknown(english: object, sources: string): string[] {
  // `t('a.b')` names one text; t(`a.${x}`) names all below `a.`.
  const named = [...sources.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key]) => key ?? '')
  // One named in a choice, `t(x ? 'a.b' : 'c.d')`, stands alone in quotes.
  const quoted = [...sources.matchAll(/'([\w]+(?:\.\w+)+)'/g)].map(([, key]) => key ?? '')
  const below = [...sources.matchAll(/`([\w.]+\.)\$\{/g)].map(([, prefix]) => prefix ?? '')
  const keys = [...shapesOf(english).keys()]
  return [
    ...named.filter((key) => !keys.includes(key)).map((key) => `no text: ${key}`),
    ...keys
      .filter((key) => !named.includes(key) && !quoted.includes(key) && !below.some((prefix) => key.startsWith(prefix)))
      .map((key) => `not used: ${key}`),
  ]
}

/** The texts of a file, or what is wrong with it as a whole. */
function readTexts(file: string): object | string {
  try {
    return JSON.parse(readFileSync(join(LOCALES, file), 'utf8'))
  } catch (error) {
    return `${file} is no JSON: ${error instanceof Error ? error.message : error}`
  }
}

/** Everything that is wrong with the texts, a line each. */
export function faultsOfTexts(): string[] {
  const english = readTexts('en.json')
  if (typeof english === 'string') return [english]
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(vue|ts)$/.test(file))
    .map((file) => readFileSync(join(SRC, file), 'utf8'))
    .join('\n')
  return [
    ...languageFiles().flatMap((file) => {
      const texts = readTexts(file)
      return typeof texts === 'string' ? [texts] : compareTexts(file, english, texts)
    }),
    ...unusedAndUnknown(english, sources),
  ]
}

/** Stops a build whose texts are not whole. */
export function checkTexts(): Plugin {
  return {
    name: 'check-texts',
    apply: 'build',
    // Before the build begins: one that fails has other plugins fail after it, and theirs would be the errors that are told.
    configResolved() {
      const faults = faultsOfTexts()
      if (faults.length === 0) return
      const error = new Error(`The texts in src/locales are not whole:\n${faults.join('\n')}`)
      // The stack is what is printed, and where in the build this was found helps nobody.
      error.stack = error.message
      throw error
    },
  }
}
