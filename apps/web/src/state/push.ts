import type { PushSubscribeBody } from '@stellarr/http/wire'
import { reactive } from 'vue'
import { type ApiClient, ApiError } from '../api/client.ts'
import { explainError } from '../logic/explain-error.ts'
import { isForKey, keyBytes, type PushFacts, type PushState, pushState, subscribeBody } from '../logic/push-state.ts'
import type { Toasts } from './toasts.ts'

type Device = Pick<PushSubscription, 'endpoint' | 'options' | 'toJSON' | 'unsubscribe'>

/** The browser's side of messages. */
export interface PushManagerLike {
  getSubscription(): Promise<Device | null>
  subscribe(options: { userVisibleOnly: boolean; applicationServerKey: Uint8Array<ArrayBuffer> }): Promise<Device>
}
export interface PushBrowser {
  facts(): PushFacts
  askPermission(): Promise<NotificationPermission>
  /** That of the service worker. @param wait until the worker is there, as long as is sensible */
  manager(wait: boolean): Promise<PushManagerLike | undefined>
}

/** Whom the server tells on this device, and where. */
export interface KeptDevice {
  endpoint: string
  name: string
}

interface Deps {
  api: Pick<ApiClient, 'pushKey' | 'subscribePush' | 'unsubscribePush' | 'pushStatus' | 'testPush'>
  browser: PushBrowser
  kept: { get(): KeptDevice | undefined; set(device: KeptDevice | undefined): void }
  toasts: Toasts
  /** Translates. */
  t: (key: string) => string
  language: () => NonNullable<PushSubscribeBody['language']>
  /** Who is signed in; undefined for nobody. */
  me: () => string | undefined
}

/** Messages on this device, for whoever is signed in: on, off, tried out and kept alive. Nothing here throws. */
export function createPush({ api, browser, kept, toasts, t, language, me }: Deps) {
  const state = reactive<{ now: PushState | undefined; busy: boolean }>({ now: undefined, busy: false })

  function fail(error: unknown): void {
    toasts.show({ tone: 'bad', text: error instanceof ApiError ? explainError(error, t) : t('push.failed') })
  }

  const deviceNow = async () => (await (await browser.manager(false))?.getSubscription()) ?? undefined

  async function subscribe(manager: PushManagerLike, name: string): Promise<void> {
    const key = keyBytes((await api.pushKey()).public_key)
    let device = await manager.getSubscription()
    if (device && !isForKey(device.options, key)) {
      // By its address nobody is reached any more.
      await api.unsubscribePush(device.endpoint).catch(() => undefined)
      await device.unsubscribe()
      device = null
    }
    device ??= await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
    await api.subscribePush(subscribeBody(device.toJSON(), language()))
    kept.set({ endpoint: device.endpoint, name })
  }

  /** Whether the server has another key than when this device subscribed: push services then refuse its messages. */
  async function isOutdated({ options }: Device): Promise<boolean> {
    return options.applicationServerKey !== null && !isForKey(options, keyBytes((await api.pushKey()).public_key))
  }

  /** Whether the server tells this person here; without an answer, what it said last. */
  async function isTold(): Promise<boolean> {
    const device = await deviceNow()
    const known = kept.get()
    if (!device || known?.name !== me()) return false
    return api.pushStatus(device.endpoint).then(
      ({ subscribed }) => subscribed,
      () => known?.endpoint === device.endpoint,
    )
  }

  /** Finds out where it stands. */
  async function look(): Promise<void> {
    const facts = browser.facts()
    const mayBe = pushState(facts, true) === 'on'
    state.now = pushState(facts, mayBe && (await isTold().catch(() => false)))
  }

  async function withBusy(work: () => Promise<void>): Promise<void> {
    if (state.busy) return
    state.busy = true
    try {
      await work()
    } catch (error) {
      fail(error)
    } finally {
      await look()
      state.busy = false
    }
  }

  /** Ends it here without asking the server: the push service tells it at the next message. */
  async function forget(): Promise<void> {
    kept.set(undefined)
    await (await deviceNow().catch(() => undefined))?.unsubscribe().catch(() => false)
    if (state.now === 'on') state.now = 'off'
  }

  return {
    state,
    look,
    forget,

    /** Asks for permission and has this person told on this device. */
    turnOn: () =>
      withBusy(async () => {
        // First of all: browsers want to see the touch that it comes from.
        if ((await browser.askPermission()) !== 'granted') return
        const [manager, name] = [await browser.manager(true), me()]
        if (!manager || name === undefined) {
          toasts.show({ tone: 'bad', text: t('push.notReady') })
          return
        }
        await subscribe(manager, name)
        toasts.show({ tone: 'good', text: t('push.nowOn') })
      }),

    turnOff: () =>
      withBusy(async () => {
        const device = await deviceNow()
        kept.set(undefined)
        // A server that cannot be told now is told by the push service.
        if (device)
          await Promise.all([device.unsubscribe(), api.unsubscribePush(device.endpoint).catch(() => undefined)])
        toasts.show({ tone: 'good', text: t('push.nowOff') })
      }),

    /** Has a message sent here now. */
    test: () =>
      withBusy(async () => {
        const device = await deviceNow()
        const isSent =
          device !== undefined &&
          (
            await api.testPush(device.endpoint).catch((error: unknown) => {
              // The server does not know this device any more.
              if (!(error instanceof ApiError) || error.status !== 404) throw error
              return { success: false }
            })
          ).success
        toasts.show(isSent ? { tone: 'good', text: t('push.testSent') } : { tone: 'bad', text: t('push.testFailed') })
      }),

    /** Tells the server in which language messages shall be. */
    async speak(): Promise<void> {
      const device = state.now === 'on' ? await deviceNow().catch(() => undefined) : undefined
      if (device) await api.subscribePush(subscribeBody(device.toJSON(), language())).catch(() => undefined)
    },

    /** Tells the server a new address of this device, as it also has for a new key of the server, and nobody else what this person wanted to be told. */
    async renew(): Promise<void> {
      const [known, name] = [kept.get(), me()]
      if (!known || name === undefined) return
      if (known.name !== name) return forget()
      try {
        const manager = await browser.manager(true)
        const device = await manager?.getSubscription()
        if (manager && (device?.endpoint !== known.endpoint || (await isOutdated(device))))
          await subscribe(manager, name)
      } catch {
        // The next start tries again.
      }
    },
  }
}
