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
})
