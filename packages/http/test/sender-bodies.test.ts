import { once } from 'node:events'
import { createServer, IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, Socket } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPlexEvent, readWebhookBody, WEBHOOK_LIMITS, type WebhookBody } from '../src/senders/index.ts'
import { haveSamples, sampleBytes } from './sender-samples.ts'

const BOUNDARY = '----------------0123'
const FORM = `multipart/form-data; boundary=${BOUNDARY}`
const PICTURE = Buffer.alloc(300_000, 0xff)

interface Part {
  head: string
  body: string | Buffer
}
const payload = (body: string | Buffer, more = ''): Part => ({ head: `name="payload"${more}`, body })
const picture: Part = { head: 'name="thumb"; filename="thumb.jpg"\r\nContent-Type: image/jpeg', body: PICTURE }

function form(parts: readonly Part[], end = '--'): Buffer {
  const pieces = parts.flatMap(({ head, body }) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}${end}\r\n`)])
}

let server: Server
let port: number
let got: WebhookBody | undefined
beforeAll(async () => {
  server = createServer(async (req, res) => {
    got = await readWebhookBody(req)
    res.statusCode = got.kind === 'json' ? 200 : 400
    res.end(JSON.stringify(got))
  }).listen(0, '127.0.0.1')
  // Longer than any test: a connection that ends just as it is used again would fail one.
  server.keepAliveTimeout = 120_000
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** Sends a body over a socket; answers what was made of it. */
async function sent(body: string | Buffer, type?: string, headers: Record<string, string> = {}): Promise<WebhookBody> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { ...(type !== undefined && { 'content-type': type }), ...headers },
  })
  return (await answer.json()) as WebhookBody
}

/** The same where a front has read the body before. */
function buffered(body: unknown, type: string): Promise<WebhookBody> {
  const req = Object.assign(new IncomingMessage(new Socket()), { body })
  req.headers['content-type'] = type
  return readWebhookBody(req)
}

describe('the message of a webhook', () => {
  it.each([
    ['a field', form([payload('{"a":"é"}')])],
    ['a field before a picture', form([payload('{"a":"é"}'), picture])],
    ['a field behind a picture', form([picture, payload('{"a":"é"}')])],
    ['a field with a type', form([payload('{"a":"é"}', '\r\nContent-Type: application/json')])],
    ['a file', form([payload('{"a":"é"}', '; filename="payload.json"\r\nContent-Type: application/json'), picture])],
    ['Emby’s field', form([{ head: 'name="data"', body: '{"a":"é"}' }])],
    ['a field of bytes with a mark', form([payload(Buffer.from('\ufeff{"a":"é"}'))])],
  ])('is read from a form: %s', async (_what, body) => {
    expect(await sent(body, FORM)).toEqual({ kind: 'json', value: { a: 'é' } })
    expect(await buffered(body, FORM)).toEqual({ kind: 'json', value: { a: 'é' } })
  })

  it.each([
    ['application/json', '{"a":"é"}'],
    ['application/json; charset=utf-8', '{"a":"é"}'],
    ['text/plain; charset=utf-8', '{"a":"é"}'],
    ['application/octet-stream', '{"a":"é"}'],
    ['', '{"a":"é"}'],
    ['application/x-www-form-urlencoded', `payload=${encodeURIComponent('{"a":"é"}')}&x=1`],
    ['application/x-www-form-urlencoded', `data=${encodeURIComponent('{"a":"é"}')}`],
    ['application/x-www-form-urlencoded', ' {"a":"é"}'],
  ])('is read from %s', async (type, body) => {
    expect(await sent(body, type)).toEqual({ kind: 'json', value: { a: 'é' } })
    expect(await buffered(Buffer.from(body), type)).toEqual({ kind: 'json', value: { a: 'é' } })
    expect(await buffered(body, type)).toEqual({ kind: 'json', value: { a: 'é' } })
  })

  const large = 'x'.repeat(WEBHOOK_LIMITS.payload)
  it.each([
    ['no such field', form([picture]), FORM, 'broken', 'payload'],
    ['no part', form([]), FORM, 'broken', 'payload'],
    ['two messages', form([payload('1'), payload('2')]), FORM, 'broken', ''],
    ['eleven parts', form([payload('1'), ...Array.from({ length: 10 }, () => picture)]), FORM, 'broken', ''],
    ['no JSON', form([payload('{"a":')]), FORM, 'broken', 'payload'],
    ['a cut-off field', form([payload('{"a":1}')]).subarray(0, 90), FORM, 'broken', ''],
    ['a cut-off picture', form([payload('1'), picture]).subarray(0, 4_000), FORM, 'broken', ''],
    ['no end', form([payload('1')], ''), FORM, 'broken', ''],
    ['no boundary', form([payload('1')]), 'multipart/form-data', 'broken', ''],
    ['another boundary', form([payload('1')]), 'multipart/form-data; boundary=other', 'broken', ''],
    ['a large field', form([payload(`"${large}"`)]), FORM, 'too_large', 'payload'],
    ['a large file', form([payload(`"${large}"`, '; filename="a.json"')]), FORM, 'too_large', 'payload'],
    ['large JSON', `"${large}"`, 'application/json', 'too_large', ''],
    ['an endless form', form([payload('1'), { ...picture, body: Buffer.alloc(17 << 20) }]), FORM, 'too_large', ''],
    ['a mixed message', form([payload('1')]), `multipart/mixed; boundary=${BOUNDARY}`, 'unsupported', 'Content-Type'],
    ['nothing', '', 'application/json', 'broken', ''],
    ['a form without it', 'a=1', 'application/x-www-form-urlencoded', 'broken', 'payload'],
    ['no JSON in a form', 'payload=x', 'application/x-www-form-urlencoded', 'broken', 'payload'],
  ])('%s is refused, and the connection gets its answer', async (_what, body, type, code, field) => {
    const refused = { kind: 'invalid', code, field, expected: expect.any(String) }
    expect(await sent(body, type)).toEqual(refused)
    expect(await buffered(Buffer.from(body), type)).toEqual(refused)
    expect((await sent('{}', 'application/json')).kind).toBe('json')
  })

  it('compressed bodies are refused', async () => {
    const refused = await sent('{}', 'application/json', { 'content-encoding': 'gzip' })
    expect(refused).toMatchObject({ code: 'unsupported', field: 'Content-Encoding' })
  })

  it('a sender that hangs up is no crash', async () => {
    for (const type of [FORM, 'application/json']) {
      got = undefined
      const socket = connect(port, '127.0.0.1')
      socket.write(
        `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 5000\r\n\r\n--${BOUNDARY}\r\n`,
      )
      await new Promise((resolve) => setTimeout(resolve, 30))
      socket.destroy()
      await expect.poll(() => got).toMatchObject({ kind: 'invalid', code: 'broken' })
    }
  })

  it('keeps nothing of a picture, however large the limit', async () => {
    const pieces = 200
    const piece = Buffer.alloc(64 * 1024, 0xd8)
    let most = 0
    const req = Object.assign(new IncomingMessage(new Socket()), {})
    req.headers['content-type'] = FORM
    const before = process.memoryUsage().arrayBuffers
    const end = form([payload('1')])
    async function* chunks() {
      yield Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${picture.head}\r\n\r\n`)
      for (let n = 0; n < pieces; n += 1) {
        yield Buffer.from(piece)
        most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      }
      yield Buffer.from('\r\n')
      yield end
    }
    Object.assign(req, { iterator: chunks })
    expect(await readWebhookBody(req, { payload: 1_000, body: 1 << 30 })).toEqual({ kind: 'json', value: 1 })
    expect(most).toBeLessThan(64 << 20)
  })
})

describe('hostile bodies', () => {
  const bit = fc.constantFrom(
    `--${BOUNDARY}`,
    `--${BOUNDARY}--`,
    '\r\n',
    '\n',
    '\r',
    'Content-Disposition: form-data; name="payload"',
    'Content-Disposition: form-data; name="payload"; filename="x"',
    'Content-Disposition: attachment',
    "Content-Disposition: form-data; name*=UTF-8''%zz",
    'Content-Type: application/octet-stream',
    'Content-Type: text/plain; charset=nonsense',
    'Content-Transfer-Encoding: base64',
    '__proto__: x',
    'constructor: y',
    ': ',
    '{"event":"library.new"}',
    '\0',
    'x'.repeat(9_000),
  )
  const body = fc.oneof(
    fc.array(bit, { maxLength: 25 }).map((bits) => Buffer.from(bits.join(''))),
    fc.array(bit, { maxLength: 25 }).map((bits) => Buffer.from(bits.join('\r\n'))),
    fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => form([payload(Buffer.from(bytes))])),
  )
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constant(FORM) },
    fc.constantFrom(
      'multipart/form-data; boundary=""',
      'multipart/form-data; boundary=',
      `multipart/form-data; boundary*=UTF-8''${BOUNDARY}`,
      `multipart/form-data; charset=x; boundary="${BOUNDARY}"`,
      'application/x-www-form-urlencoded; charset=utf-16',
      'application/json',
      'text/plain',
      ';;;',
    ),
    fc.string({ maxLength: 30 }),
  )

  /** A request whose body comes in these pieces. */
  function streamed(pieces: readonly Buffer[], contentType: string): IncomingMessage {
    const req = new IncomingMessage(new Socket())
    req.headers['content-type'] = contentType
    for (const piece of pieces) if (piece.length > 0) req.push(piece)
    req.push(null)
    return req
  }

  it('become a message or a refusal, whole or in pieces, never an error', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(body, type, fc.integer({ min: 1, max: 60 }), async (bytes, contentType, size) => {
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          bytes.subarray(n * size, (n + 1) * size),
        )
        const inPieces = await readWebhookBody(streamed(bytes.length > 2_000 ? [bytes] : pieces, contentType))
        const whole = await buffered(bytes, contentType)
        expect(['json', 'invalid']).toContain(whole.kind)
        expect(inPieces.kind).toBe(whole.kind)
        seen.add(whole.kind === 'json' ? 'json' : whole.code)
      }),
      { numRuns: 2_000 },
    )
    expect(seen).toContain('broken')
  }, 60_000)
})

it.runIf(haveSamples)('reads every form of Plex at hand', async () => {
  const names = ['curl_form_no_part_type', 'library_new_episode', 'library_new_movie', 'media_play_movie_no_thumb']
  for (const name of [...names, 'payload_as_file', 'no_payload_field']) {
    const { 'Content-Type': type } = JSON.parse(
      sampleBytes(`plex_webhook_multipart/${name}.headers.json`).toString('utf8'),
    )
    const bytes = sampleBytes(`plex_webhook_multipart/${name}.bin`)
    const read = await sent(bytes, type)
    expect(await buffered(bytes, type), name).toEqual(read)
    if (name === 'no_payload_field') expect(read).toMatchObject({ code: 'broken', field: 'payload' })
    else if (read.kind === 'json') {
      const { kind } = readPlexEvent(read.value)
      expect(kind, name).toBe(name.startsWith('media') ? 'ignored' : 'event')
    } else expect(read, name).toMatchObject({ kind: 'json' })
  }
})

it.runIf(haveSamples)('reads a form as a function’s front hands it on', async () => {
  const event = JSON.parse(sampleBytes('lambda_url/post_plex_multipart_base64.json').toString('utf8'))
  const read = await buffered(Buffer.from(event.body, 'base64'), event.headers['content-type'])
  expect(readPlexEvent(read.kind === 'json' ? read.value : undefined).kind).toBe('event')
})
