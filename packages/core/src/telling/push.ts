import { type Clock, type Logger, type Turns, within } from '../base/index.ts'
import { askersOf } from '../requests/index.ts'
import type { Language } from '../titles/index.ts'
import type { Outbox, OutboxMessage, PushService, PushSubscription, PushSubscriptionRepository } from './ports.ts'
import { MAX_DEVICES } from './rules/bounds.ts'
import { isPushEndpoint } from './rules/push.ts'
import { type News, pauseAfter, pushMessage, testMessage } from './rules/push-messages.ts'

/** Messages sent in one go. */
const BATCH = 100
/** Calls to push services at once. */
const AT_ONCE = 10
/** An answer never waits longer for push services. */
const PATIENCE_MS = 2_000

/** Push messages: who gets them, and that each is kept until its push service has taken it. */
export function pushUseCases(deps: {
  pushSubscriptions: PushSubscriptionRepository
  turns: Turns
  outbox: Outbox
  push: PushService
  pushHosts: readonly string[]
  clock: Clock
  logger: Logger
}) {
  async function sendOne(message: OutboxMessage, devices: Map<string, PushSubscription>): Promise<boolean> {
    const device = devices.get(message.endpoint)
    if (!device) {
      // The device was taken out meanwhile.
      await deps.outbox.remove(message.id)
      return false
    }
    const pause = pauseAfter(message.tries)
    if (pause === undefined) {
      await deps.outbox.remove(message.id)
      deps.logger.warn('a push message was given up', { tries: message.tries })
      return false
    }
    // Taken on before it is sent: of two who try at once one sends.
    if (!(await deps.outbox.claim(message, deps.clock.now() + pause))) return false
    const outcome = await deps.push.send(device, message.body).catch(() => 'failed' as const)
    if (outcome === 'gone') await deps.pushSubscriptions.remove(message.endpoint)
    if (outcome !== 'failed') await deps.outbox.remove(message.id)
    return outcome === 'sent'
  }

  /** Sends some at once; one that fails stays for later. Answers how many were taken. */
  async function sendAll(messages: readonly OutboxMessage[], devices: Map<string, PushSubscription>): Promise<number> {
    const left = [...messages]
    let sent = 0
    const worker = async () => {
      for (let message = left.shift(); message; message = left.shift()) {
        const went = await sendOne(message, devices).catch((error: unknown) => {
          deps.logger.warn('a push message waits', { reason: String(error) })
          return false
        })
        if (went) sent += 1
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return sent
  }

  async function devicesOf(name: string): Promise<PushSubscription[]> {
    const devices = await deps.pushSubscriptions.listFor(name)
    return devices.filter((device) => isPushEndpoint(device.endpoint, deps.pushHosts))
  }

  /** True when a push service has taken one of the messages within two seconds. */
  async function sendTo(messages: readonly { device: PushSubscription; body: string }[]): Promise<boolean> {
    if (messages.length === 0) return false
    const dueAt = deps.clock.now()
    const added = await deps.outbox.add(
      messages.map(({ device, body }) => ({ endpoint: device.endpoint, body, dueAt })),
    )
    const known = new Map(messages.map(({ device }) => [device.endpoint, device]))
    return (await within(sendAll(added, known), PATIENCE_MS, 0)) > 0
  }

  return {
    /** The key that browsers subscribe with. */
    pushKey: () => deps.push.publicKey(),

    /** Stores a device, unless its address is no push service's or the person has twenty others. */
    async subscribe(
      user: string,
      device: { endpoint: string; keys: PushSubscription['keys']; language: Language },
    ): Promise<'subscribed' | 'no_push_service' | 'too_many'> {
      if (!isPushEndpoint(device.endpoint, deps.pushHosts)) return 'no_push_service'
      return deps.turns.take(`devices/${user}`, async () => {
        const others = (await deps.pushSubscriptions.listFor(user)).filter((one) => one.endpoint !== device.endpoint)
        if (others.length >= MAX_DEVICES) return 'too_many'
        await deps.pushSubscriptions.save({ ...device, user, createdAt: deps.clock.now() })
        return 'subscribed'
      })
    },

    isSubscribed: async (user: string, endpoint: string) =>
      (await deps.pushSubscriptions.listFor(user)).some((device) => device.endpoint === endpoint),

    /** Takes a person's device out; false when it is none of theirs. */
    async unsubscribe(user: string, endpoint: string): Promise<boolean> {
      const mine = (await deps.pushSubscriptions.listFor(user)).some((device) => device.endpoint === endpoint)
      return mine && deps.pushSubscriptions.remove(endpoint)
    },

    /** Sends a message to one device to see whether it arrives; undefined when it is none of theirs. */
    async tryPush(user: string, endpoint: string): Promise<boolean | undefined> {
      const device = (await deps.pushSubscriptions.listFor(user)).find((one) => one.endpoint === endpoint)
      return device && sendTo([{ device, body: JSON.stringify(testMessage(device.language)) }])
    },

    /** Tells all who wait for titles; true when a push service has taken a message within two seconds. */
    async tell(news: readonly News[]): Promise<boolean> {
      const names = new Set(news.flatMap(({ request }) => askersOf(request)))
      const devices = new Map(await Promise.all([...names].map(async (name) => [name, await devicesOf(name)] as const)))
      const messages = news.flatMap((one) =>
        askersOf(one.request)
          .flatMap((name) => devices.get(name) ?? [])
          .map((device) => ({ device, body: JSON.stringify(pushMessage(one, device.language)) })),
      )
      return sendTo(messages)
    },

    /** Tries messages again that are due. Answers how many were taken. */
    async drainOutbox(): Promise<number> {
      const due = await deps.outbox.due(deps.clock.now(), BATCH)
      if (due.length === 0) return 0
      const devices = new Map<string, PushSubscription>()
      for (const { endpoint } of due) {
        const device = await deps.pushSubscriptions.find(endpoint)
        if (device) devices.set(endpoint, device)
      }
      return sendAll(due, devices)
    },
  }
}

export type PushUseCases = ReturnType<typeof pushUseCases>
