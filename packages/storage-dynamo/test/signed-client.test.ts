import { faultOf } from '@stellarr/core/testing'
import { describe, expect, it } from 'vitest'
import { THROTTLES } from '../src/client/failures.ts'
import {
  CALL_MS,
  type ClientOptions,
  credentialsFromEnvironment,
  MAX_ATTEMPTS,
  signedClient,
} from '../src/client/signed-client.ts'
import type { Transport } from '../src/client/transport.ts'
import { tableClient } from '../src/table/table-client.ts'
import { awsError, dropped, type FaultyTransport, faultyTransport, type Trouble } from '../src/testing/index.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)
const KEY = { media_type: 'movie', tmdb_id: 603 }
const ITEM = { media_type: { S: 'movie' }, tmdb_id: { N: '603' } }

/** A service that is always well and holds one item. */
const well: Transport = {
  async send(request) {
    const operation = request.headers['x-amz-target']?.split('.')[1] ?? ''
    const answers: Record<string, object> = {
      GetItem: { Item: ITEM },
      Query: { Items: [ITEM], Count: 1 },
      PutItem: {},
    }
    return { status: 200, headers: {}, body: JSON.stringify(answers[operation] ?? {}) }
  },
  close() {},
}

/** A table whose calls get into the given troubles, one after the other, and whose clock moves only while it sleeps. */
function openTable(troubles: readonly (Trouble | undefined)[], options: Partial<ClientOptions> = {}) {
  const transport: FaultyTransport = faultyTransport(({ number }) => troubles[number - 1], well)
  const sleeps: number[] = []
  let now = NOW
  const client = signedClient({
    region: 'eu-central-1',
    credentials: () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' }),
    transport,
    now: () => now,
    async sleep(ms) {
      sleeps.push(ms)
      now += ms
    },
    ...options,
  })
  const table = tableClient({ client, table: 'table', endpoint: new URL('https://dynamodb.test/') })
  return {
    table,
    transport,
    sleeps,
    pass: (ms: number) => {
      now += ms
    },
  }
}

const always = (trouble: Trouble) => Array.from({ length: 50 }, () => trouble)
const headerOf = (transport: FaultyTransport, call: number, name: string) =>
  transport.calls[call]?.request.headers[name]

describe('a call that can be tried again', () => {
  it('knows every throttle that the SDK counts', () => {
    expect(new Set(THROTTLES).size).toBe(14)
  })

  it.each([...THROTTLES, 'InternalServerError', 'ServiceUnavailable'])(
    'succeeds at the second attempt after %s',
    async (type) => {
      const { table, transport } = openTable([awsError(type)])
      expect(await table.get(KEY)).toEqual(KEY)
      expect(transport.calls).toHaveLength(2)
    },
  )

  it.each([429, 500, 502, 503, 504])(
    'succeeds at the second attempt after HTTP %i with a page of HTML',
    async (status) => {
      const { table, transport } = openTable([{ kind: 'answer', status, body: '<html>sorry</html>' }])
      expect(await table.get(KEY)).toEqual(KEY)
      expect(transport.calls).toHaveLength(2)
    },
  )

  it.each([
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ECONNREFUSED',
    'EAI_AGAIN',
    'UND_ERR_SOCKET',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
  ])('succeeds at the second attempt after %s, plain or in a cause', async (code) => {
    for (const inCause of [false, true]) {
      const { table, transport } = openTable([dropped(code, 'before', inCause)])
      expect(await table.get(KEY)).toEqual(KEY)
      expect(transport.calls).toHaveLength(2)
    }
  })

  it.each([
    ['empty', ''],
    ['truncated', '{"Items":[{"media_type":{"S":"mov'],
    ['HTML', '<html>a captive portal</html>'],
    ['null', 'null'],
    ['a list', '[]'],
    ['without its items', '{}'],
    ['without all of its items', '{"Items":[],"Count":3}'],
  ])('takes a 200 that is %s for no answer', async (_, body) => {
    const bad: Trouble = { kind: 'answer', status: 200, body }
    const { table, transport } = openTable([bad])
    expect(await table.query({ partition: 'movie' })).toEqual([KEY])
    expect(transport.calls).toHaveLength(2)
    const hopeless = openTable(always(bad))
    expect(await faultOf(hopeless.table.query({ partition: 'movie' }))).toBe('storage_unavailable')
    expect(hopeless.transport.calls).toHaveLength(MAX_ATTEMPTS)
  })

  it('is given up after four attempts, with full jitter that grows and is longer for throttles', async () => {
    for (const [type, base] of [
      ['InternalServerError', 25],
      ['ThrottlingException', 100],
    ] as const) {
      const longest = [0, 0, 0]
      for (let run = 0; run < 200; run += 1) {
        const { table, transport, sleeps } = openTable(always(awsError(type)))
        expect(await faultOf(table.get(KEY))).toBe('storage_unavailable')
        expect([transport.calls.length, sleeps.length]).toEqual([4, 3])
        sleeps.forEach((ms, index) => {
          longest[index] = Math.max(longest[index] ?? 0, ms)
        })
      }
      longest.forEach((ms, index) => {
        const limit = base * 2 ** index
        expect(ms).toBeLessThanOrEqual(limit)
        expect(ms).toBeGreaterThan(limit / 2)
      })
    }
  })
})

describe('a call that cannot be tried again', () => {
  it.each(['ValidationException', 'AccessDeniedException', 'ResourceNotFoundException', 'SomethingNew'])(
    'is made once when the answer is %s',
    async (type) => {
      const { table, transport } = openTable(always(awsError(type)))
      expect(await faultOf(table.get(KEY))).toBe('storage_unavailable')
      expect(transport.calls).toHaveLength(1)
    },
  )

  it('is made once when a condition fails, which is no fault', async () => {
    const refused: Trouble = {
      kind: 'answer',
      status: 400,
      body: JSON.stringify({ __type: 'x#ConditionalCheckFailedException', Item: ITEM }),
    }
    const { table, transport } = openTable(always(refused))
    expect(await table.put(KEY, () => 'attribute_not_exists(#x)')).toEqual({ stored: false, found: KEY })
    expect(transport.calls).toHaveLength(1)
  })

  it('tells people nothing of what AWS said, and the log everything', async () => {
    const body = JSON.stringify({
      __type: 'x#AccessDeniedException',
      message: 'arn:aws:iam::123456789012:role/r may not',
    })
    const { table } = openTable([{ kind: 'answer', status: 400, body }])
    const error: unknown = await table.get(KEY).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    if (!(error instanceof Error)) return
    expect(error.message).not.toContain('arn')
    expect(String(error.cause)).toContain('123456789012')
  })
})

describe('time', () => {
  it('ends half a second before a Lambda does, without a call when it is over', async () => {
    const late = openTable([], { deadline: () => NOW + 500 })
    expect(await faultOf(late.table.get(KEY))).toBe('storage_unavailable')
    expect(late.transport.calls).toHaveLength(0)
    const soon = openTable(always(awsError('ThrottlingException')), { deadline: () => NOW + 501 })
    expect(await faultOf(soon.table.get(KEY))).toBe('storage_unavailable')
    expect(soon.transport.calls).toHaveLength(1)
    expect(soon.sleeps).toEqual([])
  })

  it('is given to the line: no attempt may take longer than what is left', async () => {
    const { table, transport } = openTable([undefined], { deadline: () => NOW + 2_500 })
    await table.get(KEY)
    expect(transport.calls[0]?.request.timeoutMs).toBe(2_000)
    const free = openTable([])
    await free.table.get(KEY)
    expect(free.transport.calls[0]?.request.timeoutMs).toBe(5_000)
  })

  it('is ten seconds for a call, whatever it tries', async () => {
    let attempts = 0
    const { table, pass } = openTable([], {
      transport: {
        async send() {
          attempts += 1
          pass(CALL_MS - 1_000)
          throw Object.assign(new Error('slow'), { code: 'ETIMEDOUT' })
        },
        close() {},
      },
    })
    expect(await faultOf(table.get(KEY))).toBe('storage_unavailable')
    expect(attempts).toBe(2)
  })
})

describe('clocks', () => {
  const server = (minutes: number) => ({ date: new Date(NOW + minutes * 60_000).toUTCString() })

  it.each([10, -10])('that differ by %i minutes are put right once, for later calls too', async (minutes) => {
    const { table, transport, sleeps } = openTable([awsError('InvalidSignatureException', 400, server(minutes))])
    await table.get(KEY)
    await table.get(KEY)
    expect(transport.calls).toHaveLength(3)
    const right = new Date(NOW + minutes * 60_000).toISOString().replace(/[:-]|\.\d{3}/g, '')
    expect([0, 1, 2].map((call) => headerOf(transport, call, 'x-amz-date'))).toEqual(['20260102T030405Z', right, right])
    expect(sleeps).toEqual([])
  })

  it('are not put right a second time', async () => {
    const { table, transport } = openTable([
      awsError('InvalidSignatureException', 400, server(10)),
      awsError('InvalidSignatureException', 400, server(30)),
    ])
    expect(await faultOf(table.get(KEY))).toBe('storage_unavailable')
    expect(transport.calls).toHaveLength(2)
  })

  it('are not blamed when they agree, or when the server does not tell', async () => {
    for (const headers of [server(4), {}]) {
      const { table, transport } = openTable(always(awsError('InvalidSignatureException', 400, headers)))
      expect(await faultOf(table.get(KEY))).toBe('storage_unavailable')
      expect(transport.calls).toHaveLength(1)
    }
  })
})

describe('credentials', () => {
  it('are read for every attempt, and the session token is always sent', async () => {
    let reads = 0
    const credentials = () => {
      reads += 1
      return { accessKeyId: `AKID${reads}`, secretAccessKey: 'secret', sessionToken: `session ${reads}` }
    }
    const { table, transport } = openTable([awsError('ThrottlingException')], { credentials })
    await table.get(KEY)
    await table.get(KEY)
    for (const call of [0, 1, 2]) {
      expect(headerOf(transport, call, 'authorization')).toContain(
        `Credential=AKID${call + 1}/20260102/eu-central-1/dynamodb`,
      )
      expect(headerOf(transport, call, 'authorization')).toContain('x-amz-security-token')
      expect(headerOf(transport, call, 'x-amz-security-token')).toBe(`session ${call + 1}`)
    }
  })

  it.each(['ExpiredTokenException', 'UnrecognizedClientException'])(
    'that are %s are tried again only if there are others by now',
    async (type) => {
      const same = openTable(always(awsError(type)))
      expect(await faultOf(same.table.get(KEY))).toBe('storage_unavailable')
      expect(same.transport.calls).toHaveLength(1)

      let token = 'old'
      const credentials = () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: token })
      const transport = faultyTransport(({ number }) => {
        token = 'new'
        return number === 1 ? awsError(type) : undefined
      }, well)
      const fresh = openTable([], { credentials, transport })
      expect(await fresh.table.get(KEY)).toEqual(KEY)
      expect(headerOf(transport, 1, 'x-amz-security-token')).toBe('new')
    },
  )

  it('come from the environment of Lambda, and none is a fault', () => {
    const env = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' }
    expect(credentialsFromEnvironment(env)).toEqual({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' })
    expect(() => credentialsFromEnvironment({})).toThrow('no AWS credentials')
  })
})
