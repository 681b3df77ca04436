import { describe, expect, it } from 'vitest'
import { cleanName, MAX_NAME_LENGTH } from '../src/index.ts'

describe('a name', () => {
  it('is kept in one form', () => {
    expect(cleanName('  Zoe\u0308   Doe ')).toBe('Zoë Doe')
    expect(cleanName('Ann\ufeff\nLee')).toBe('Ann Lee')
  })

  it.each(['x', '漢', '😀'])('has 64 characters at most, however many bytes they take: %s', (character) => {
    const longest = character.repeat(MAX_NAME_LENGTH)
    expect(cleanName(longest)).toBe(longest)
    expect(cleanName(`${longest}${character}`)).toBeUndefined()
    // What a session token has room for.
    expect(new TextEncoder().encode(longest).length).toBeLessThanOrEqual(300)
  })

  it.each([
    'דניאל',
    'O’Brien',
    'علی\u200cرضا',
    'അവന\u0d4d\u200d',
    'क\u094d\u200dष',
    '葛\u{e0100}城',
    '👨\u200d👩\u200d👧\u200d👦',
    '❤\ufe0f\u200d🔥',
    '👩🏽\u200d💻',
    '🏳\ufe0f\u200d⚧\ufe0f',
    '☀\ufe0f',
    '1\ufe0f\u20e3',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '🇩🇪',
  ])('may be written as people write: %s', (name) => expect(cleanName(name)).toBe(name.normalize('NFC')))

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['a control character', 'a\u0007b'],
    ['what turns the direction', '\u202eevil'],
    ['what isolates a direction', 'a\u2066b'],
    ['a mark of direction', 'Ann\u200f'],
    ['half a character', 'a\ud800'],
    ['the other half', '\udc00'],
    ['an invisible blank alone', '\u200b'],
    ['an invisible blank', 'Ann\u200b'],
    ['a joiner alone', '\u200d'],
    ['a joiner where nothing joins', 'A\u200dnn'],
    ['a joiner behind an emoji', '😀\u200d'],
    ['a form of a letter that has one', 'Ann\ufe0f'],
    ['a form of a figure that has one', '1\ufe0f'],
    ['a soft hyphen', 'An\u00adn'],
    ['a filler', '\u3164'],
    ['an empty pattern of Braille', '\u2800'],
    ['a hidden letter', 'Ann\u{e0041}'],
    ['an accent alone', '\u0301'],
  ])('is none with %s', (_, name) => expect(cleanName(name)).toBeUndefined())
})
