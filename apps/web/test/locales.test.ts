import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import de from '../src/locales/de.json' with { type: 'json' }
import en from '../src/locales/en.json' with { type: 'json' }
import es from '../src/locales/es.json' with { type: 'json' }
import fr from '../src/locales/fr.json' with { type: 'json' }

/** Every key with the names it takes and how many plural forms it has. */
function shape(messages: object, prefix = ''): string[] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string'
      ? `${prefix}${key} ${[...new Set(value.match(/\{\w+\}/g) ?? [])].sort().join('')} ${value.split(' | ').length}`
      : shape(value, `${prefix}${key}.`),
  )
}

describe('texts', () => {
  it.each([
    ['es', es],
    ['fr', fr],
    ['de', de],
  ])('%s has the same keys, names and plural forms as English', (_name, messages) => {
    expect(shape(messages)).toEqual(shape(en))
  })

  it('are all used, and none is missing', () => {
    const src = join(import.meta.dirname, '../src')
    const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(vue|ts)$/.test(file))
      .map((file) => readFileSync(join(src, file), 'utf8'))
      .join('\n')
    // `t('a.b')` names one text; t(`a.${x}`) names all below `a.`; a NavBar link names its text by its route.
    const named = [...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key]) => key ?? '')
    const below = [...code.matchAll(/\bt\(\s*`([\w.]+\.)\$\{/g)].map(([, prefix]) => prefix ?? '')
    const keys = shape(en).map((line) => line.split(' ')[0] ?? '')
    expect(named.filter((key) => !keys.includes(key))).toEqual([])
    expect(keys.filter((key) => !named.includes(key) && !below.some((prefix) => key.startsWith(prefix)))).toEqual([])
  })
})
