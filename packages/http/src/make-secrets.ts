import { randomBytes, randomInt } from 'node:crypto'

/** 60 bits in a form that can be read out and typed on a phone: `kuvo-nide-rasa-mofe-liba`. */
export function makePassword(): string {
  const consonants = 'bdfgklmnprstvz'
  const vowels = 'aeiou'
  const pick = (letters: string) => letters.charAt(randomInt(letters.length))
  const word = () => pick(consonants) + pick(vowels) + pick(consonants) + pick(vowels)
  return Array.from({ length: 5 }, word).join('-')
}

/** A key or token of 192 bits. */
export const makeToken = (): string => randomBytes(24).toString('base64url')
