import { describe, expect, it, vi } from 'vitest'
import { isForKey, keyBytes, type PushFacts, pushState, subscribeBody } from '../src/logic/push-state.ts'
import { createPush, type KeptDevice, type PushManagerLike } from '../src/state/push.ts'
import { createToasts } from '../src/state/toasts.ts'
import { refusal, say } from './rows.ts'

const KEY = 'BAEC_-8'
const FACTS: PushFacts = { secure: true, supported: true, apple: false, installed: false, permission: 'default' }

describe('where messages stand', () => {
  it.each([
    ['plain', { secure: false, supported: false, apple: true }, false],
    ['apple', { supported: false, apple: true }, false],
    ['unsupported', { supported: false, apple: true, installed: true }, false],
    ['unsupported', { supported: false }, false],
    ['blocked', { permission: 'denied' as const }, true],
    ['off', {}, false],
    ['off', {}, true],
    ['off', { permission: 'granted' as const }, false],
    ['on', { permission: 'granted' as const, apple: true, installed: true }, true],
  ])('%s: %j', (state, facts, subscribed) => {
    expect(pushState({ ...FACTS, ...facts }, subscribed)).toBe(state)
  })
})

describe('a key', () => {
  it('is read from base64url and held against that of a subscription', () => {
    const bytes = keyBytes(KEY)
    expect([...bytes]).toEqual([4, 1, 2, 255, 239])
    expect(isForKey({ applicationServerKey: bytes.buffer }, bytes)).toBe(true)
    expect(isForKey({ applicationServerKey: keyBytes('BAEC').buffer }, bytes)).toBe(false)
    expect(isForKey({ applicationServerKey: null }, bytes)).toBe(false)
  })

  it('goes to the server with its address and the language', () => {
    const json = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' }, expirationTime: null }
    expect(subscribeBody(json, 'de')).toEqual({
      endpoint: 'https://push.example/1',
      keys: { p256dh: 'p', auth: 'a' },
      language: 'de',
    })
  })
})

type Device = NonNullable<Awaited<ReturnType<PushManagerLike['getSubscription']>>>

function openPanel(more: Partial<PushFacts> = {}, before: KeptDevice | undefined = undefined) {
  let facts: PushFacts = { ...FACTS, ...more }
  let device: Device | null = null
  let kept = before
  let count = 0
  const told = new Set<string>()
  const aDevice = (key: Uint8Array<ArrayBuffer>): Device => {
    count += 1
    const endpoint = `https://push.example/${count}`
    return {
      endpoint,
      options: { applicationServerKey: key.buffer, userVisibleOnly: true },
      toJSON: () => ({ endpoint, keys: { p256dh: 'p', auth: 'a' } }),
      unsubscribe: async () => {
        device = null
        return true
      },
    }
  }
  const manager = {
    getSubscription: async () => device,
    subscribe: vi.fn<PushManagerLike['subscribe']>(async ({ applicationServerKey }) => {
      device = aDevice(applicationServerKey)
      return device
    }),
  }
  const api = {
    pushKey: vi.fn(async () => ({ public_key: KEY })),
    subscribePush: vi.fn(async ({ endpoint }: { endpoint: string }): Promise<unknown> => told.add(endpoint)),
    unsubscribePush: vi.fn(async (endpoint: string): Promise<unknown> => told.delete(endpoint)),
    pushStatus: vi.fn(async (endpoint: string) => ({ subscribed: told.has(endpoint) })),
    testPush: vi.fn(async (_endpoint: string) => ({ success: true, message: '' })),
  }
  const toasts = createToasts()
  const me = vi.fn<() => string | undefined>(() => 'Ann')
  const findManager = vi.fn<(wait: boolean) => Promise<PushManagerLike | undefined>>(async () => manager)
  const push = createPush({
    api,
    browser: {
      facts: () => facts,
      askPermission: async () => {
        if (facts.permission === 'default') facts = { ...facts, permission: 'granted' }
        return facts.permission
      },
      manager: findManager,
    },
    kept: {
      get: () => kept,
      set: (next) => {
        kept = next
      },
    },
    toasts,
    t: say,
    language: () => 'fr',
    me,
  })
  return {
    push,
    api,
    manager,
    findManager,
    me,
    texts: () => toasts.list.map(({ text }) => text),
    keptNow: () => kept,
    /** The browser has this device subscribed with a key already. */
    have(key: string) {
      device = aDevice(keyBytes(key))
      return device.endpoint
    },
    lose: () => {
      device = null
    },
    told,
  }
}

describe('messages on this device', () => {
  it('are turned on, tried out and turned off', async () => {
    const panel = openPanel()
    await panel.push.look()
    expect(panel.push.state.now).toBe('off')
    await panel.push.turnOn()
    expect(panel.push.state).toEqual({ now: 'on', busy: false })
    expect(panel.api.subscribePush).toHaveBeenCalledWith({
      endpoint: 'https://push.example/1',
      keys: { p256dh: 'p', auth: 'a' },
      language: 'fr',
    })
    expect(panel.keptNow()).toEqual({ endpoint: 'https://push.example/1', name: 'Ann' })
    await panel.push.test()
    await panel.push.turnOff()
    expect(panel.push.state.now).toBe('off')
    expect(panel.told.size).toBe(0)
    expect(panel.keptNow()).toBeUndefined()
    expect(panel.texts()).toEqual(['push.nowOn', 'push.testSent', 'push.nowOff'])
  })

  it('ask nobody where they are not possible, and say when the browser refuses', async () => {
    const plain = openPanel({ secure: false })
    await plain.push.look()
    expect(plain.push.state.now).toBe('plain')
    expect(plain.findManager).not.toHaveBeenCalled()
    const blocked = openPanel({ permission: 'denied' })
    await blocked.push.turnOn()
    expect(blocked.push.state.now).toBe('blocked')
    expect(blocked.manager.subscribe).not.toHaveBeenCalled()
  })

  it('say why they could not be turned on', async () => {
    const panel = openPanel()
    panel.manager.subscribe.mockRejectedValueOnce(new DOMException('no push service', 'AbortError'))
    await panel.push.turnOn()
    panel.api.subscribePush.mockRejectedValueOnce(refusal(503, 'storage_unavailable'))
    await panel.push.turnOn()
    panel.findManager.mockResolvedValue(undefined)
    await panel.push.turnOn()
    expect(panel.texts()).toEqual(['push.failed', 'error.storage_unavailable', 'push.notReady'])
    expect(panel.push.state.now).toBe('off')
  })

  it('say that a test did not get through', async () => {
    const panel = openPanel()
    await panel.push.turnOn()
    panel.api.testPush.mockResolvedValueOnce({ success: false, message: 'gone' })
    await panel.push.test()
    panel.api.testPush.mockRejectedValueOnce(refusal(404, 'not_found'))
    await panel.push.test()
    panel.api.testPush.mockRejectedValueOnce(refusal(0, 'offline'))
    await panel.push.test()
    panel.lose()
    await panel.push.test()
    expect(panel.texts().slice(-3)).toEqual(['push.testFailed', 'error.offline', 'push.testFailed'])
  })

  it('take another subscription when the old one is for another key', async () => {
    const panel = openPanel()
    panel.have('BAEC')
    await panel.push.turnOn()
    expect(panel.keptNow()?.endpoint).toBe('https://push.example/2')
    const same = openPanel()
    const endpoint = same.have(KEY)
    await same.push.turnOn()
    expect(same.manager.subscribe).not.toHaveBeenCalled()
    expect(same.keptNow()?.endpoint).toBe(endpoint)
  })

  it('are what was known last while the server does not answer, and off when it no longer knows the device', async () => {
    const panel = openPanel()
    await panel.push.turnOn()
    panel.api.pushStatus.mockRejectedValueOnce(refusal(0, 'offline'))
    await panel.push.look()
    expect(panel.push.state.now).toBe('on')
    panel.told.clear()
    await panel.push.look()
    expect(panel.push.state.now).toBe('off')
  })

  it('follow a new address, and the language', async () => {
    const panel = openPanel()
    await panel.push.turnOn()
    await panel.push.renew()
    expect(panel.api.subscribePush).toHaveBeenCalledTimes(1)
    panel.lose()
    await panel.push.renew()
    expect(panel.keptNow()?.endpoint).toBe('https://push.example/2')
    await panel.push.speak()
    expect(panel.api.subscribePush).toHaveBeenCalledTimes(3)
    panel.lose()
    panel.api.subscribePush.mockRejectedValueOnce(refusal(0, 'offline'))
    await panel.push.renew()
    expect(panel.keptNow()?.endpoint).toBe('https://push.example/2')
  })

  it('go on when the server has another key: push services refuse messages that are signed with it', async () => {
    const panel = openPanel()
    await panel.push.turnOn()
    panel.api.pushKey.mockResolvedValue({ public_key: 'BAEC' })
    await panel.push.renew()
    expect(panel.keptNow()?.endpoint).toBe('https://push.example/2')
    expect(panel.api.unsubscribePush).toHaveBeenCalledWith('https://push.example/1')
    await panel.push.renew()
    expect(panel.api.subscribePush).toHaveBeenCalledTimes(2)
  })

  it('end with the person who wanted them', async () => {
    const panel = openPanel()
    await panel.push.turnOn()
    panel.me.mockReturnValue('Bob')
    await panel.push.renew()
    expect(panel.keptNow()).toBeUndefined()
    expect(await panel.manager.getSubscription()).toBeNull()
    const idle = openPanel({ permission: 'granted' })
    await idle.push.renew()
    expect(idle.findManager).not.toHaveBeenCalled()
  })
})
