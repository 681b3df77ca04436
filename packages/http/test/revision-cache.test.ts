import express from 'express'
import { describe, expect, it } from 'vitest'
import { errorHandler } from '../src/http-error.ts'
import { revisionCache } from '../src/revision-cache.ts'

const MB = 1_000_000
const type = 'text/plain; charset=utf-8'
/** Parts that gzip makes little of. */
const noise = (bytes: number) =>
  Array.from({ length: bytes / 1000 }, () =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(375)))
      .toString('hex')
      .padEnd(1000, 'x'),
  )

async function answer(parts: readonly string[], gzip: boolean, limit?: Parameters<typeof revisionCache>[1]) {
  const cache = revisionCache(true, limit)
  const app = express()
  app.get('/', async (req, res) => {
    await cache.send(req, res, await cache.load('a', '1', async () => ({ type, parts })), 'list')
  })
  app.use(
    errorHandler(
      () => {},
      () => {},
    ),
  )
  const server = app.listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    const headers = { 'accept-encoding': gzip ? 'gzip' : 'identity' }
    const response = await fetch(`http://localhost:${port}/`, { headers })
    return { status: response.status, encoding: response.headers.get('content-encoding'), text: await response.text() }
  } finally {
    server.close()
  }
}

describe('an answer that is kept', () => {
  it('is made once for all who want it at once, and one after another', async () => {
    const cache = revisionCache(true)
    let running = 0
    let most = 0
    let made = 0
    const make = async () => {
      made += 1
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running -= 1
      return { type, parts: ['x'] }
    }
    await Promise.all([1, 2, 3].flatMap((n) => [cache.load(`${n}`, '1', make), cache.load(`${n}`, '1', make)]))
    expect([made, most]).toEqual([3, 1])
  })

  it('is refused to whom it may not be made for alone', async () => {
    const cache = revisionCache(true)
    const make = async () => ({ type, parts: ['x'] })
    const refuse = () => {
      throw new Error('too often')
    }
    await expect(cache.load('a', '1', make, refuse)).rejects.toThrow('too often')
    await cache.load('a', '1', make)
    expect((await cache.load('a', '1', make, refuse)).version).toBe('1')
  })

  it('makes room by its bytes, and is not kept at all when it alone is too large', async () => {
    const cache = revisionCache(true)
    const made: string[] = []
    const load = (name: string, megabytes: number) =>
      cache.load(name, '1', async () => {
        made.push(name)
        return { type, parts: Array.from({ length: megabytes }, () => 'x'.repeat(MB)) }
      })
    for (const name of ['a', 'b', 'c']) await load(name, 30)
    for (const name of ['c', 'b', 'a']) await load(name, 30)
    expect(made).toEqual(['a', 'b', 'c', 'a'])
    await load('huge', 40)
    await load('huge', 40)
    expect(made.filter((name) => name === 'huge')).toHaveLength(2)
  })

  it('is sent whole, plain and compressed, small and large', async () => {
    for (const parts of [['short'], ['x'.repeat(2_000)], noise(2 * MB)]) {
      for (const gzip of [true, false]) {
        const sent = await answer(parts, gzip)
        expect(sent.text === parts.join('')).toBe(true)
        expect(sent.encoding).toBe(gzip && parts.join('').length > 1024 ? 'gzip' : null)
      }
    }
  })
})

describe('an answer that is larger than can be carried', () => {
  const limit = { plain: 5.5 * MB, carried: 6.2 * MB }
  const part = 'a line of a list, of no great variety\n'.repeat(100)
  const large = Array.from({ length: 1_600 }, () => part)

  it('is compressed for who takes that, and 503 with a sentence for who does not', async () => {
    expect((await answer(large, true, limit)).text.length).toBe(part.length * 1_600)
    const refused = await answer(large, false, limit)
    expect(refused.status).toBe(503)
    expect(JSON.parse(refused.text)).toEqual({
      code: 'list_too_large',
      detail: expect.stringContaining('6.1 MB, more than AWS sends uncompressed'),
    })
  })

  it('is 503 too where its quotes make it so, or compression does not help', async () => {
    const quotes = [`"`.repeat(3.5 * MB)]
    expect((await answer(quotes, false, limit)).status).toBe(503)
    expect((await answer(quotes, true, limit)).status).toBe(200)
    const random = await answer(noise(16 * MB), true, limit)
    expect([random.status, JSON.parse(random.text).code]).toEqual([503, 'list_too_large'])
  }, 20_000)
})
