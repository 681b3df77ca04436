import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'

/** Fields of a form that hold the message: Plex's, and Emby's. */
const FIELDS = ['payload', 'data']
/** Plex sends two: the payload and a picture. */
const MAX_PARTS = 10
/** A parser that has not come to an end this long after the body has: it never will. */
const END_MS = 1_000

export type FormPayload = { kind: 'text'; text: string } | { kind: 'broken' | 'too_large' | 'none' }

/** A file's text up to the limit; files that are not the message are thrown away as they come. */
function collect(file: Readable & { truncated: boolean }, done: (payload: FormPayload) => void): void {
  const parts: Buffer[] = []
  file.on('data', (part: Buffer) => parts.push(part))
  file.on('end', () => {
    done(file.truncated ? { kind: 'too_large' } : { kind: 'text', text: Buffer.concat(parts).toString('utf8') })
  })
}

/**
 * Reads the message out of a multipart form, sent as a field or as a file. No more than the message is kept in memory,
 * and the form ends at ten parts, whatever its sender makes of it. Rejects only where the body itself does.
 */
export async function readForm(
  headers: IncomingMessage['headers'],
  chunks: AsyncIterable<Uint8Array>,
  limits: { payload: number },
): Promise<FormPayload> {
  // Loaded at the first form: what is started for one request does without it. A bundle has its default export alone.
  const { default: Busboy } = await import('@fastify/busboy')
  let found: FormPayload = { kind: 'none' }
  let failed: FormPayload | undefined
  const fail = (kind: 'broken' | 'too_large') => {
    failed ??= { kind }
  }
  const take = (payload: FormPayload) => {
    if (found.kind === 'none') found = payload
    else fail('broken')
  }
  let parser: InstanceType<typeof Busboy>
  try {
    parser = new Busboy({
      headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
      limits: {
        fieldSize: limits.payload,
        fileSize: limits.payload,
        parts: MAX_PARTS,
        headerPairs: 20,
        headerSize: 8 * 1024,
      },
    })
  } catch {
    return { kind: 'broken' }
  }
  const finished = new Promise<void>((resolve) => {
    parser.on('finish', resolve)
    parser.on('error', () => {
      fail('broken')
      resolve()
    })
  })
  parser.on('partsLimit', () => fail('broken'))
  parser.on('field', (name, value, _nameCut, valueCut) => {
    if (FIELDS.includes(name)) take(valueCut ? { kind: 'too_large' } : { kind: 'text', text: value })
  })
  parser.on('file', (name, file) => {
    file.on('error', () => fail('broken'))
    if (FIELDS.includes(name)) collect(file, take)
    else file.resume()
  })
  for await (const chunk of chunks) {
    if (failed) break
    parser.write(chunk)
  }
  if (failed) return failed
  parser.end()
  await Promise.race([finished, wait(END_MS, undefined, { ref: false }).then(() => fail('broken'))])
  return failed ?? found
}
