import { once } from 'node:events'
import { Agent, createServer, get, type RequestListener, request, type Server } from 'node:http'
import {
  type Clock,
  createUseCases,
  Fault,
  type MediaCatalog,
  type PushService,
  type Storage,
  type StoreWitness,
  type UseCases,
} from '../../packages/core/src/index.ts'
import { createApp } from '../../packages/http/src/index.ts'
import { eachSender } from '../../packages/http/src/settings.ts'
import type { FeedAnswer, Transport } from '../clients/index.ts'

export const TOKEN = 'feed-token-of-the-simulation'
const FAILING_READS = 0.1
export const PUSH_HOST = 'push.example'

/** What is wrong with the server just now. */
export type Trouble = 'none' | 'down' | 'failing reads' | 'wrong store'

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const never = () => Promise.reject(new Error('nobody asks for this here'))

/**
 * The app in process behind a socket, over any store, as it is started, stopped and started on another store. What it
 * last used is remembered over all of that, as beside the settings on disk.
 */
export function simulatedServer(options: {
  clock: Clock
  catalog: MediaCatalog
  random(): number
  keepAnswers: boolean
  /** Absent: nobody is told of anything. Devices are at `PUSH_HOST`. */
  push?: PushService
}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let running: { storage: Storage; useCases: UseCases; server: Server; port: number } | undefined
  let readsFail = false
  let seen: Awaited<ReturnType<StoreWitness['load']>>
  /** The first start makes the keys of the lists; they stay what they are then. */
  let keysAreNew = true
  const state = {
    trouble: 'none' as Trouble,
    /** What came back, as counts of `trouble: path without query: status`. */
    statuses: new Map<string, number>(),
  }

  function now(): NonNullable<typeof running> {
    if (!running) throw new Error('the server is not started')
    return running
  }

  /** The store, of whose reads every tenth fails while a client waits in a time of failing reads. */
  function unsteady(storage: Storage): Storage {
    const wrap = <Part extends object>(target: Part): Part =>
      new Proxy(target, {
        get(object, name) {
          const value: unknown = Reflect.get(object, name)
          if (typeof value !== 'function') return value
          return (...args: unknown[]) => {
            const fails = readsFail && options.random() < FAILING_READS
            return fails ? Promise.reject(new Fault('storage_unavailable', 'locked')) : value.apply(object, args)
          }
        },
      })
    const { requests, revision, settings, identity, library } = storage
    return {
      ...storage,
      requests: wrap(requests),
      revision: wrap(revision),
      settings: wrap(settings),
      identity: wrap(identity),
      library: wrap(library),
    }
  }

  function appOver(opened: Storage): { useCases: UseCases; app: RequestListener } {
    const storage = unsteady(opened)
    const useCases = createUseCases({
      storage,
      clock: options.clock,
      logger: quiet,
      catalog: options.catalog,
      snapshots: { save: async () => {}, load: async () => undefined },
      witness: {
        load: async () => seen,
        save: async (present) => {
          seen = present
        },
      },
      newStoreIsExpected: keysAreNew,
      deriveKey: never,
      trendingBody: () => '[]',
      ...(options.push && { push: options.push, pushHosts: [PUSH_HOST] }),
      signIn: { appSecretKey: 'x'.repeat(16), passwords: { household: 'h', admin: 'o' }, iterations: 100_000 },
    })
    const app = createApp(useCases, {
      version: '0.0.0',
      logger: quiet,
      store: 'simulated',
      tokens: { feed: [TOKEN], sync: [], ...eachSender(() => [TOKEN]) },
      baseUrls: [],
      allowPrivateOrigins: true,
      trustedProxies: [],
      keepAnswers: options.keepAnswers,
    })
    return { useCases, app }
  }

  async function ask(path: string, headers: Record<string, string>): Promise<FeedAnswer> {
    const request = get({ host: '127.0.0.1', port: now().port, path, headers, agent })
    const [response] = await once(request, 'response')
    let text = ''
    response.setEncoding('utf8')
    for await (const part of response) text += part
    const types = new Headers({ 'content-type': response.headers['content-type'] ?? '' })
    return { status: response.statusCode, headers: types, text }
  }

  /** How a sender reaches it: answers the status. */
  async function post(path: string, body: unknown): Promise<number | undefined> {
    const text = JSON.stringify(body)
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }
    const sending = request({ host: '127.0.0.1', port: now().port, path, headers, agent, method: 'POST' })
    sending.end(text)
    const [response] = await once(sending, 'response')
    response.resume()
    await once(response, 'end')
    return response.statusCode
  }

  /** How the clients reach it. */
  const transport: Transport = async (path, headers) => {
    if (state.trouble === 'down') throw new Error('connect ECONNREFUSED')
    readsFail = state.trouble === 'failing reads'
    try {
      const answer = await ask(path, headers)
      const key = `${state.trouble}: ${path.split('?')[0]}: ${answer.status}`
      state.statuses.set(key, (state.statuses.get(key) ?? 0) + 1)
      return answer
    } finally {
      readsFail = false
    }
  }

  async function start(storage: Storage): Promise<void> {
    const { useCases, app } = appOver(storage)
    const server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    running = { storage, useCases, server, port: address.port }
  }

  async function stop(): Promise<void> {
    const { server, storage } = now()
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
    await storage.close()
    running = undefined
    keysAreNew = false
  }

  return {
    state,
    transport,
    post,
    /** As `transport`, without faults and uncounted. */
    look: (path: string) => ask(path, { 'X-Api-Key': TOKEN }),
    useCases: () => now().useCases,
    storage: () => now().storage,
    start,
    stop,
    /** What it last used is no longer known, as when its whole folder is lost. To be called while it is stopped. */
    loseWitness(): void {
      seen = undefined
    },
    async close(): Promise<void> {
      await stop()
      agent.destroy()
    },
  }
}

export type SimulatedServer = ReturnType<typeof simulatedServer>
