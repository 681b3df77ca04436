import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { MAX_SEASON_NUMBER } from '@stellarr/core'

/** How often a body may be packed: a proxy may pack what is packed already. */
const MOST_LAYERS = 2

/** An answer is packed in a way that was not asked for. */
export class UnaskedEncoding extends Error {}

/** Names of encodings are in any case, and `x-gzip` is gzip (RFC 9110, 8.4.1). */
function isReadable(encodings: string | undefined): boolean {
  const names = (encodings ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.every((name) => ['', 'identity', 'gzip', 'x-gzip'].includes(name))
}

/** Unpacks what begins as gzip does, whatever the header says of it: JSON never begins so. */
function unpacked(body: Buffer, maxBytes: number): Buffer {
  let plain = body
  for (let layer = 0; layer < MOST_LAYERS && plain[0] === 0x1f && plain[1] === 0x8b; layer += 1) {
    plain = gunzipSync(plain, { maxOutputLength: maxBytes })
  }
  return plain
}

/**
 * The text of an answer with status 200, unpacked and without a byte order mark; '' for any other status, whose body
 * is read to its end but not looked at. Throws when it is longer than `maxBytes`, packed or unpacked, or cut off, and
 * `UnaskedEncoding` for another encoding than gzip.
 */
export async function textOf(res: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of res) {
    size += part.length
    if (size > maxBytes) throw new Error('the answer is too large')
    parts.push(part)
  }
  if (!res.complete) throw new Error('the answer was cut off')
  if (res.statusCode !== 200) return ''
  if (!isReadable(res.headers['content-encoding'])) throw new UnaskedEncoding('an encoding that was not asked for')
  // A decoder leaves the mark out.
  return new TextDecoder().decode(unpacked(Buffer.concat(parts), maxBytes))
}

/** A season's or episode's number, 0 included; some are a whole date. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_SEASON_NUMBER ? value : undefined

/** A day as `YYYY-MM-DD`. */
export const dateOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined
