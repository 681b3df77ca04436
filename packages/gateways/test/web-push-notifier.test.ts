import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { isPushEndpoint, type Logger, type PushSubscription } from '@stellarr/core'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FakePush, type FakePushSubscription, startFakePush } from '../src/testing/fake-push.ts'
import { makeVapidKeys, type PushCall, type VapidKeys, webPushNotifier } from '../src/web-push-notifier.ts'

let push: FakePush
let keys: VapidKeys
let logged: string[]

function logger(): Logger {
  const write = (...parts: unknown[]) => void logged.push(inspect(parts, { depth: 20 }))
  return { debug: write, info: write, warn: write, error: write }
}

const device = (subscription: FakePushSubscription): PushSubscription => ({
  ...subscription,
  user: 'Zoë',
  language: 'de',
  createdAt: 0,
})

type Options = Partial<Parameters<typeof webPushNotifier>[0]>
const open = (given: Options = {}) =>
  webPushNotifier({
    vapid: { ...keys, subject: 'mailto:somebody@example.org' },
    allowedHosts: [push.host],
    logger: logger(),
    ...given,
  })

beforeAll(async () => {
  keys = await makeVapidKeys()
})
beforeEach(async () => {
  push = await startFakePush()
  logged = []
})
afterEach(() => push.close())

describe('a push message', () => {
  it('reaches the one device, encrypted, signed, to be kept for days', async () => {
    const message = JSON.stringify({ title: 'Da ist „Metropolis“ 🎬', body: 'x'.repeat(3_900) })
    const zoe = push.subscribe()
    push.subscribe()
    expect(await open().send(device(zoe), message)).toBe('sent')
    expect(push.received).toHaveLength(1)
    expect(push.received[0]).toMatchObject({
      endpoint: zoe.endpoint,
      text: message,
      vapidKey: keys.publicKey,
      headers: { ttl: '345600', urgency: 'normal', 'content-encoding': 'aes128gcm' },
    })
    expect(logged).toEqual([])
  })

  it.each([
    [200, 'sent'],
    [202, 'sent'],
    [404, 'gone'],
    [410, 'gone'],
    [301, 'failed'],
    [307, 'failed'],
    [400, 'failed'],
    [401, 'failed'],
    [403, 'failed'],
    [413, 'failed'],
    [429, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
  ] as const)('answered by %d is %s, and sent once', async (status, outcome) => {
    push.answer(status)
    expect(await open().send(device(push.subscribe()), '{}')).toBe(outcome)
    expect(push.received).toHaveLength(1)
  })

  it('to a device that the service has forgotten is gone', async () => {
    const { endpoint } = push.subscribe()
    expect(await open().send(device({ ...push.subscribe(), endpoint: `${endpoint}x` }), '{}')).toBe('gone')
  })

  it('fails after five seconds of silence, and does not wait for an answer without end', async () => {
    const late = { silent: device(push.subscribe()), drip: device(push.subscribe()) }
    const started = performance.now()
    push.answer('drip')
    expect(await open().send(late.drip, '{}')).toBe('sent')
    expect(performance.now() - started).toBeLessThan(2_000)
    push.answer('silent')
    expect(await open().send(late.silent, '{}')).toBe('failed')
    expect(performance.now() - started).toBeLessThan(7_000)
    expect(logged.join()).toContain('timeout')
  })

  it('fails when nobody listens', async () => {
    const subscription = device(push.subscribe())
    await push.close()
    expect(await open().send(subscription, '{}')).toBe('failed')
    expect(logged.join()).toContain('ECONNREFUSED')
    push = await startFakePush()
  })

  it('goes to push services alone, whatever was stored', async () => {
    const send = vi.fn(async (_call: PushCall) => 201)
    const subscription = device(push.subscribe())
    expect(await open({ allowedHosts: [], send }).send(subscription, '{}')).toBe('failed')
    for (const endpoint of ['http://169.254.169.254/x', 'https://fcm.googleapis.com@10.0.0.1/x', 'nonsense', '']) {
      expect(await open({ send }).send({ ...subscription, endpoint }, '{}')).toBe('failed')
    }
    expect(send).not.toHaveBeenCalled()
    const endpoint = 'https://fcm.googleapis.com/fcm/send/abc'
    expect(await open({ send }).send({ ...subscription, endpoint }, '{}')).toBe('sent')
    const claims = /t=\w+\.([\w-]+)/.exec(send.mock.calls[0]?.[0].headers.authorization ?? '')?.[1] ?? ''
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).aud).toBe('https://fcm.googleapis.com')
  })

  it('that cannot be written fails: odd keys of a device, odd keys of ours, a message too long', async () => {
    const subscription = device(push.subscribe())
    for (const odd of [
      { p256dh: 'x', auth: 'x' },
      { p256dh: '', auth: '' },
      { ...subscription.keys, auth: 'AAAA' },
    ]) {
      expect(await open().send({ ...subscription, keys: odd }, '{}')).toBe('failed')
    }
    const vapid = { publicKey: 'x', privateKey: 'y', subject: 'nobody' }
    expect(await open({ vapid }).send(subscription, '{}')).toBe('failed')
    expect(await open().send(subscription, 'ü'.repeat(2_000))).toBe('failed')
    expect(push.received).toEqual([])
  })

  it('loads its library at the first message, once, and again after a failure', async () => {
    const web = (await import('web-push')).default
    let loads = 0
    const load = async () => {
      loads += 1
      if (loads === 1) throw new Error('no layer')
      return web
    }
    const notifier = open({ load })
    expect(loads).toBe(0)
    const subscription = device(push.subscribe())
    expect(await notifier.send(subscription, '{}')).toBe('failed')
    expect(await notifier.send(subscription, '{}')).toBe('sent')
    expect(await notifier.send(subscription, '{}')).toBe('sent')
    expect(loads).toBe(2)
  })

  it('leaves no endpoint, key or text in the log', async () => {
    const subscription = device(push.subscribe())
    for (const status of [301, 400, 500] as const) {
      push.answer(status)
      await open().send(subscription, '"a private message"')
    }
    await open({ send: async () => Promise.reject(new Error(subscription.endpoint)) }).send(subscription, '{}')
    await open({ vapid: { ...keys, publicKey: 'x', subject: 'mailto:a@b' } }).send(subscription, '{}')
    await open({ allowedHosts: [] }).send(subscription, '{}')
    expect(logged).toHaveLength(6)
    for (const secret of [
      '/push/',
      subscription.keys.auth,
      subscription.keys.p256dh,
      keys.privateKey,
      'private message',
    ]) {
      expect(logged.join()).not.toContain(secret)
    }
  })
})

it('makes a new pair each time', async () => {
  const other = await makeVapidKeys()
  expect(other).toEqual({
    publicKey: expect.stringMatching(/^[\w-]{87}$/),
    privateKey: expect.stringMatching(/^[\w-]{43}$/),
  })
  expect(other).not.toEqual(keys)
})

const SAMPLES = new URL('../../../../shared/fixtures/webpush/', import.meta.url)

it.runIf(existsSync(SAMPLES))('writes to every browser at hand, and to no other address', async () => {
  const sent: string[] = []
  const send = async ({ url }: PushCall) => {
    sent.push(url)
    return 201
  }
  for (const name of readdirSync(SAMPLES)) {
    const { endpoint, keys: own } = JSON.parse(readFileSync(new URL(name, SAMPLES), 'utf8'))
    expect(isPushEndpoint(endpoint), name).toBe(name !== 'bad_endpoint_internal.json')
    const outcome = await open({ send }).send(device({ endpoint, keys: own ?? { p256dh: '', auth: '' } }), '{}')
    expect(outcome, name).toBe(name.startsWith('bad_') ? 'failed' : 'sent')
  }
  expect(sent).toHaveLength(5)
})
