import type { ExportPage } from '../base/index.ts'
import type { Language } from '../titles/index.ts'

/** A device that gets push messages. */
export interface PushSubscription {
  endpoint: string
  /** Whose device: the name they typed. */
  user: string
  keys: { p256dh: string; auth: string }
  language: Language
  createdAt: number
}

export interface PushSubscriptionRepository {
  /** Stores a device, or replaces the one of the same endpoint. */
  save(subscription: PushSubscription): Promise<void>
  /** All devices of one person, oldest first. */
  listFor(user: string): Promise<PushSubscription[]>
  find(endpoint: string): Promise<PushSubscription | undefined>
  /** False when it was not there. */
  remove(endpoint: string): Promise<boolean>
  /** Every device, by endpoint. */
  exportAll(cursor?: string): Promise<ExportPage<PushSubscription>>
}

/** A push message that is still to be sent to one device. */
export interface OutboxMessage {
  id: string
  endpoint: string
  /** JSON for the service worker. */
  body: string
  /** How often it was tried. */
  tries: number
  /** When to try next, epoch ms. */
  dueAt: number
}

/** Messages that are kept until their push service has taken them. */
export interface Outbox {
  /**
   * Stores messages; answers them with their ids, in the order given. Of more than `MAX_WAITING` for one device, or
   * `MAX_WAITING_IN_ALL`, the oldest make room, since what is new tells people more: none of them is ever due again.
   */
  add(messages: readonly Omit<OutboxMessage, 'id' | 'tries'>[]): Promise<OutboxMessage[]>
  /** Those that are due, the longest due first. What is due later than the longest pause is due too. */
  due(now: number, limit: number): Promise<OutboxMessage[]>
  /**
   * Takes a message on to be tried: it is counted as tried, and due again at `nextDueAt`. When several try to claim the
   * same message at once, one of them gets true.
   */
  claim(message: OutboxMessage, nextDueAt: number): Promise<boolean>
  remove(id: string): Promise<boolean>
}

/** Sends one push message (JSON text). */
export interface Notifier {
  send(subscription: PushSubscription, message: string): Promise<'sent' | 'gone' | 'failed'>
}

/** The browsers' push services, with the key that they know us by. */
export interface PushService extends Notifier {
  publicKey(): Promise<string>
}
