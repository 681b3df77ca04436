import type { IncomingMessage } from 'node:http'
import type { JsonPicker } from './large-json.ts'
import { readForm } from './multipart.ts'

/** The message that a sender sent, parsed and otherwise unread; or why there is none. */
export type WebhookBody =
  | { kind: 'json'; value: unknown }
  /**
   * - `too_large` (413): the message, or the whole with its picture.
   * - `unsupported` (415): a content type or encoding that no sender uses.
   * - `broken` (400): no form, no such field in it, no JSON, or cut off; `field` (empty: the whole) is not `expected`.
   */
  | { kind: 'invalid'; code: 'too_large' | 'unsupported' | 'broken'; field: string; expected: string }

/** How a sender's messages are read. */
export interface WebhookLimits {
  /** In bytes: the message itself, and the whole body with the picture that Plex sends along. */
  payload: number
  body: number
  /** A sender whose messages may be larger where they are bare JSON: up to how large, and what is wanted of those. */
  large?: { payload: number; picker: () => JsonPicker }
  /** A sender that may write JSON wrongly: reads what is none, or answers undefined. */
  mend?: (text: string) => unknown
}

export const WEBHOOK_LIMITS: WebhookLimits = { payload: 1024 * 1024, body: 16 * 1024 * 1024 }

/** Messages up to this size are parsed at once, whoever sent them. */
const WHOLE = 256 * 1024

const TOO_LARGE = Symbol('too large')

const invalid = (code: 'too_large' | 'unsupported' | 'broken', field: string, expected: string): WebhookBody => ({
  kind: 'invalid',
  code,
  field,
  expected,
})

/** The body's pieces: at once where a serverless front has read them, else as they come. Throws over the limit. */
async function* piecesOf(req: IncomingMessage & { body?: unknown }, limit: number): AsyncGenerator<Uint8Array> {
  const read = typeof req.body === 'string' ? Buffer.from(req.body) : req.body
  // The stream stays open when reading ends early: destroyed, it would take the answer with it.
  const pieces = read instanceof Uint8Array ? [read] : req.iterator({ destroyOnReturn: false })
  let size = 0
  for await (const piece of pieces) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('not bytes')
    size += piece.length
    if (size > limit) throw TOO_LARGE
    yield piece
  }
}

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all).toString('utf8')
}

function parsed(written: string, field: string, { mend }: WebhookLimits): WebhookBody {
  const text = written.replace(/^\ufeff/, '')
  try {
    return { kind: 'json', value: JSON.parse(text) }
  } catch {
    const value = mend?.(text)
    return value === undefined ? invalid('broken', field, 'JSON') : { kind: 'json', value }
  }
}

/** A form as browsers write it; some send bare JSON by that name. */
function fromUrlencoded(text: string, limits: WebhookLimits): WebhookBody {
  if (/^\s*[{[]/.test(text)) return parsed(text, '', limits)
  const form = new URLSearchParams(text)
  const payload = form.get('payload') ?? form.get('data')
  return payload === null ? invalid('broken', 'payload', 'a field with JSON') : parsed(payload, 'payload', limits)
}

/** Bare JSON: at once where it is small, in slices where its sender may send more than can be held. */
async function fromJson(req: IncomingMessage & { body?: unknown }, limits: WebhookLimits): Promise<WebhookBody> {
  const { large } = limits
  if (!large) return parsed(await textOf(piecesOf(req, limits.payload)), '', limits)
  const pieces = piecesOf(req, large.payload)
  const start: Uint8Array[] = []
  for (let size = 0; size <= WHOLE; ) {
    const next = await pieces.next()
    if (next.done) return parsed(Buffer.concat(start).toString('utf8'), '', limits)
    start.push(next.value)
    size += next.value.length
  }
  async function* all() {
    yield* start.splice(0)
    yield* pieces
  }
  // Loaded at the first of them.
  const { pickJson } = await import('./large-json.ts')
  const value = await pickJson(all(), large.picker())
  return value === undefined ? invalid('broken', '', 'JSON') : { kind: 'json', value }
}

async function read(req: IncomingMessage & { body?: unknown }, limits: WebhookLimits): Promise<WebhookBody> {
  const encoding = req.headers['content-encoding'] ?? 'identity'
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (encoding.toLowerCase() !== 'identity') return invalid('unsupported', 'Content-Encoding', 'no compression')
  if (type === 'multipart/form-data') {
    const payload = await readForm(req.headers, piecesOf(req, limits.body), limits)
    switch (payload.kind) {
      case 'text':
        return parsed(payload.text, 'payload', limits)
      case 'too_large':
        return invalid('too_large', 'payload', `at most ${limits.payload} bytes`)
      case 'none':
        return invalid('broken', 'payload', 'a field with JSON')
      case 'broken':
        return invalid('broken', '', 'a whole multipart form with few parts')
    }
  }
  if (type.startsWith('multipart/')) return invalid('unsupported', 'Content-Type', 'multipart/form-data or JSON')
  if (type === 'application/x-www-form-urlencoded') {
    // Each byte of JSON may take three.
    return fromUrlencoded(await textOf(piecesOf(req, limits.payload * 3)), limits)
  }
  return fromJson(req, limits)
}

/**
 * Reads the message of a webhook: a multipart form with a field `payload` (Plex, with a picture beside it) or `data`
 * (Emby), a plain form with one, or JSON under any other name (Jellyfin sends `text/plain`). Works from the stream, or
 * from `req.body` where that is text or bytes. Never rejects, and keeps no more than the limits in memory.
 */
export async function readWebhookBody(
  req: IncomingMessage & { body?: unknown },
  limits: WebhookLimits = WEBHOOK_LIMITS,
): Promise<WebhookBody> {
  let body: WebhookBody
  try {
    body = await read(req, limits)
  } catch (error) {
    const tooLarge = error === TOO_LARGE
    body = tooLarge ? invalid('too_large', '', 'a smaller body') : invalid('broken', '', 'a body that arrives whole')
  }
  // What is left of a refused body is thrown away unread, so that the connection can take the answer.
  if (body.kind === 'invalid' && !req.destroyed) req.resume()
  return body
}
