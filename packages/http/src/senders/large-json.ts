import { setImmediate as turn } from 'node:timers/promises'
import { Tokenizer, TokenParser, TokenType } from '@streamparser/json'

/** What is wanted of a message that is too large to be held, and what becomes of it. */
export interface JsonPicker {
  /** The fields wanted, each by the names on the way to it; `*` is every place of a list: `$.episodes.*.seasonNumber`. */
  paths: readonly string[]
  /** Called with each of them as it comes. */
  take(path: readonly (string | number)[], value: unknown): void
  /** A message of nothing but what was wanted. */
  message(): unknown
}

/** Bytes read at a time: a few milliseconds' work, after which everybody else has a turn. */
const SLICE = 64 * 1024
/** Levels of lists and objects; no sender has a tenth of them. */
const MAX_DEPTH = 200

/**
 * Reads JSON in slices and keeps nothing of it but what the picker takes. Rejects where the pieces do.
 * @returns the picker's message, or undefined for what is no JSON. A list or a bare value comes back as null.
 */
export async function pickJson(pieces: AsyncIterable<Uint8Array>, picker: JsonPicker): Promise<unknown> {
  // What is no UTF-8 is read as small messages are, for which the parser alone would be too strict.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const tokenizer = new Tokenizer({ stringBufferSize: 4096, numberBufferSize: 32 })
  const parser = new TokenParser({ paths: [...picker.paths], keepStack: false })
  let depth = 0
  let isObject = false
  tokenizer.onToken = (told) => {
    if (told.token === TokenType.LEFT_BRACE || told.token === TokenType.LEFT_BRACKET) {
      if (depth === 0) isObject = told.token === TokenType.LEFT_BRACE
      depth += 1
      if (depth > MAX_DEPTH) throw new RangeError('too deep')
    } else if (told.token === TokenType.RIGHT_BRACE || told.token === TokenType.RIGHT_BRACKET) depth -= 1
    parser.write(told)
  }
  parser.onValue = ({ key, value, stack }) => {
    const path = stack.flatMap((level) => level.key ?? [])
    if (key !== undefined) path.push(key)
    picker.take(path, value)
  }
  const isRead = (read: () => void) => {
    try {
      read()
      return true
    } catch {
      return false
    }
  }
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += SLICE) {
      const text = decoder.decode(piece.subarray(at, at + SLICE), { stream: true })
      if (!isRead(() => tokenizer.write(text))) return undefined
      await turn()
    }
  }
  const isWhole = isRead(() => {
    tokenizer.write(decoder.decode())
    tokenizer.end()
  })
  if (!isWhole || !parser.isEnded) return undefined
  return isObject ? picker.message() : null
}
