import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { faultOf } from '@stellarr/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TransportRequest } from '../src/client/transport.ts'
import { type S3SnapshotsOptions, s3Snapshots } from '../src/index.ts'
import { awsError, faultyTransport } from '../src/testing/index.ts'

const objects = new Map<string, string>()
const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const path = request.url ?? ''
  if (!path.startsWith('/bucket/')) {
    response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>')
  } else if (request.method === 'PUT') {
    objects.set(path, body)
    response.end()
  } else {
    const stored = objects.get(path)
    if (stored === undefined) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
    else response.end(stored)
  }
})
let endpoint = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  endpoint = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/` : ''
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => objects.clear())

const open = (options: Partial<S3SnapshotsOptions> = {}) =>
  s3Snapshots({
    bucket: 'bucket',
    region: 'eu-central-1',
    endpoint,
    credentials: () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' }),
    ...options,
  })

/** The requests of a save where nothing is at the other end. */
async function sentBy(options: Partial<S3SnapshotsOptions>): Promise<TransportRequest[]> {
  const transport = faultyTransport(() => ({ kind: 'answer', status: 200, body: '' }))
  await open({ endpoint: undefined, ...options, transport }).save('trending-all-en.json', '{"results":[]}')
  return transport.calls.map((call) => call.request)
}

describe('the trending files in S3', () => {
  it('are replaced and read whole, in any script', async () => {
    const snapshots = open()
    expect(await snapshots.load('trending-all-en.json')).toBeUndefined()
    await snapshots.save('trending-all-en.json', '{"a":"千と千尋 👧"}')
    expect(await snapshots.load('trending-all-en.json')).toBe('{"a":"千と千尋 👧"}')
    await snapshots.save('trending-all-en.json', '{}')
    expect(await snapshots.load('trending-all-en.json')).toBe('{}')
    expect([...objects.keys()]).toEqual(['/bucket/trending-all-en.json'])
  })

  it('go to the bucket’s own host, signed with their hash and the session', async () => {
    const [request] = await sentBy({})
    expect(request?.url.href).toBe('https://bucket.s3.eu-central-1.amazonaws.com/trending-all-en.json')
    expect(request?.headers).toMatchObject({
      'cache-control': 'public, max-age=3600',
      'content-type': 'application/json; charset=utf-8',
      'x-amz-content-sha256': createHash('sha256').update('{"results":[]}').digest('hex'),
      'x-amz-security-token': 'session',
    })
    expect(request?.headers.authorization).toMatch(
      /\/eu-central-1\/s3\/aws4_request.*SignedHeaders=.*x-amz-content-sha256/,
    )
    const [dotted] = await sentBy({ bucket: 'a.b' })
    expect(dotted?.url.href).toBe('https://s3.eu-central-1.amazonaws.com/a.b/trending-all-en.json')
  })

  it('are faults, not absent, when S3 is slow, down, forbidden or another', async () => {
    for (const trouble of [
      awsError('SlowDown', 503),
      { kind: 'answer', status: 503, body: '<Error><Code>SlowDown</Code></Error>' },
      { kind: 'answer', status: 403, body: '<Error><Code>AccessDenied</Code></Error>' },
    ] as const) {
      const transport = faultyTransport(() => trouble)
      expect(await faultOf(open({ transport }).load('a.json'))).toBe('storage_unavailable')
      expect(await faultOf(open({ transport }).save('a.json', ''))).toBe('storage_unavailable')
    }
    expect(await faultOf(open({ bucket: 'other' }).load('a.json'))).toBe('storage_unavailable')
  })

  it('are saved at the second attempt when S3 says to slow down', async () => {
    const transport = faultyTransport(({ number }) => (number === 1 ? awsError('SlowDown', 503) : undefined))
    await open({ transport }).save('a.json', '1')
    expect([transport.calls.length, objects.get('/bucket/a.json')]).toEqual([2, '1'])
  })

  it.each(['../secret', 'a/b', '', '.', 'a..b', 'a?b'])('have no such name as %j', async (name) => {
    await expect(open().save(name, '')).rejects.toThrow(TypeError)
  })
})
