import { UNSHOWN } from '../../base/rules/index.ts'

/** Characters (Unicode code points) of a name. A session's token has room for as many of any kind. */
export const MAX_NAME_LENGTH = 64

const JOINED = [
  'Arab',
  'Beng',
  'Deva',
  'Gujr',
  'Guru',
  'Khmr',
  'Knda',
  'Mlym',
  'Mymr',
  'Orya',
  'Sinh',
  'Syrc',
  'Taml',
  'Telu',
]
/**
 * Invisible characters where they belong: joiners between the parts of an emoji and in scripts that are written with
 * them, forms of emoji, of Chinese characters and of Mongolian letters, and the letters of a flag's country. Without
 * looking behind, which Safari cannot before 16.4.
 */
const SHAPING = new RegExp(
  [
    '[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\ufe0f?\\u200d(?=\\p{Extended_Pictographic})',
    '\\p{Extended_Pictographic}[\\ufe0e\\ufe0f]',
    '[0-9#*]\\ufe0f(?=\\u20e3)',
    `[${JOINED.map((script) => `\\p{scx=${script}}`).join('')}][\\u200c\\u200d]`,
    '\\p{Script=Han}[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]',
    '\\p{Script=Mongolian}[\\u180b-\\u180d\\u180f]',
    '\\u{1f3f4}[\\u{e0020}-\\u{e007e}]+\\u{e007f}',
  ].join('|'),
  'gu',
)
/** What takes no ink: Unicode's own list, and the empty pattern of Braille. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800]/u

/** Whether a name can be told from others by its looks: nothing unshown or invisible in it, and something to see. */
export function isReadable(name: string): boolean {
  return !UNSHOWN.test(name) && !INVISIBLE.test(name.replace(SHAPING, '_')) && /[\p{L}\p{N}\p{P}\p{S}]/u.test(name)
}

/** A typed name as it is stored: NFC, outer and repeated blanks folded; undefined when it is empty, too long or not readable. */
export function cleanName(typed: string): string | undefined {
  const name = typed.normalize('NFC').replace(/\s+/g, ' ').trim()
  return [...name].length <= MAX_NAME_LENGTH && isReadable(name) ? name : undefined
}
