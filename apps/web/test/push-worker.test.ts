import { afterEach, describe, expect, it, vi } from 'vitest'
import { handlePush } from '../src/service-worker/push.ts'
import { RENEWED } from '../src/service-worker/renewed.ts'

const HERE = 'https://stellarr.example'

/** A window of the app, which may have been there before the worker. */
function aWindow(url: string, isOurs = true) {
  const window = {
    url,
    focused: false,
    visibilityState: 'visible' as const,
    focus: async () => window,
    navigate: vi.fn(async (_address: string) => {
      if (!isOurs) throw new TypeError('not the active worker of this window')
    }),
    postMessage: vi.fn(),
  }
  return window
}

/** The worker's surroundings, with what was done to them. */
function startWorker(windows: ReturnType<typeof aWindow>[]) {
  const listeners = new Map<string, (event: object) => void>()
  const openWindow = vi.fn(async (_address: string) => null)
  const showNotification = vi.fn(async (_title: string, _options: object) => undefined)
  const subscribe = vi.fn(async (_options: object) => ({}))
  vi.stubGlobal('self', {
    location: { origin: HERE },
    addEventListener: (name: string, listener: (event: object) => void) => listeners.set(name, listener),
    clients: { matchAll: async () => windows, openWindow },
    registration: { showNotification, pushManager: { subscribe } },
  })
  handlePush()
  return {
    openWindow,
    showNotification,
    subscribe,
    /** Hands an event over and waits for what the worker does about it. */
    async on(name: string, event: object): Promise<void> {
      let work: Promise<unknown> = Promise.resolve()
      listeners.get(name)?.({
        ...event,
        waitUntil: (promise: Promise<unknown>) => {
          work = promise
        },
      })
      await work
    },
  }
}
const click = (data: unknown) => ({ notification: { data, close: () => undefined } })

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the service worker', () => {
  it('shows every message, also one without anything in it', async () => {
    const worker = startWorker([])
    await worker.on('push', { data: { text: () => '{"title":"Alien","tag":"movie-348"}' } })
    await worker.on('push', { data: null })
    expect(worker.showNotification.mock.calls.map(([title]) => title)).toEqual(['Alien', 'Stellarr'])
  })

  it('leads an open window to what a message is about, and opens one where there is none', async () => {
    const window = aWindow(`${HERE}/requests`)
    const page = `${HERE}/title/movie/348`
    const open = startWorker([window])
    await open.on('notificationclick', click({ url: page }))
    expect(window.navigate).toHaveBeenCalledWith(page)
    expect(open.openWindow).not.toHaveBeenCalled()
    const closed = startWorker([])
    await closed.on('notificationclick', click({ url: page }))
    expect(closed.openWindow).toHaveBeenCalledWith(page)
  })

  it('leaves a window alone that is there already, and never leads out of the app', async () => {
    const there = aWindow(`${HERE}/title/movie/348`)
    await startWorker([there]).on('notificationclick', click({ url: `${HERE}/title/movie/348` }))
    expect(there.navigate).not.toHaveBeenCalled()
    const worker = startWorker([])
    for (const data of [null, {}, { url: 'https://elsewhere.example/' }])
      await worker.on('notificationclick', click(data))
    expect(worker.openWindow.mock.calls).toEqual([[`${HERE}/`], [`${HERE}/`], [`${HERE}/`]])
  })

  it('opens another window when it may not lead the one there is', async () => {
    const worker = startWorker([aWindow(`${HERE}/`, false)])
    await worker.on('notificationclick', click({ url: `${HERE}/settings` }))
    expect(worker.openWindow).toHaveBeenCalledWith(`${HERE}/settings`)
  })

  it('subscribes again with the same key when the push service has dropped it, and tells open pages', async () => {
    const window = aWindow(`${HERE}/`)
    const worker = startWorker([window])
    const oldSubscription = { options: { applicationServerKey: new ArrayBuffer(3) } }
    await worker.on('pushsubscriptionchange', { oldSubscription, newSubscription: null })
    expect(worker.subscribe).toHaveBeenCalledTimes(1)
    await worker.on('pushsubscriptionchange', { oldSubscription, newSubscription: {} })
    await worker.on('pushsubscriptionchange', { oldSubscription: null, newSubscription: null })
    worker.subscribe.mockRejectedValueOnce(new DOMException('no push service', 'AbortError'))
    await worker.on('pushsubscriptionchange', { oldSubscription, newSubscription: null })
    expect(worker.subscribe).toHaveBeenCalledTimes(2)
    expect(window.postMessage.mock.calls).toEqual([[RENEWED], [RENEWED], [RENEWED], [RENEWED]])
  })
})
