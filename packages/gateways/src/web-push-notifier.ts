import { isPushEndpoint, type Logger, type Notifier, type PushSubscription } from '@stellarr/core'
import type { encrypt, generateVAPIDKeys, getVapidHeaders } from 'web-push'
import { codeOf, smallRequest } from './small-request.ts'

/** What we need of the package `web-push`. */
export interface WebPushLibrary {
  encrypt: typeof encrypt
  getVapidHeaders: typeof getVapidHeaders
  generateVAPIDKeys: typeof generateVAPIDKeys
}

/** The pair that shows push services who sends (RFC 8292), each URL-safe base64. */
export interface VapidKeys {
  publicKey: string
  privateKey: string
}

/** One message as it goes over the line. */
export interface PushCall {
  url: string
  headers: Record<string, string>
  body: Buffer
}

export interface WebPushOptions {
  /** `subject`: a `mailto:` or `https:` address that a push service can reach us by. */
  vapid: VapidKeys & { subject: string }
  /** Hosts besides the browsers' own services, on any port and over plain http: PUSH_HOSTS, for tests. */
  allowedHosts?: readonly string[]
  logger: Logger
  /** Loads `web-push`, which a deployment may keep elsewhere: on Lambda it is in a layer. */
  load?: () => Promise<WebPushLibrary>
  /** Sends a call and answers its status; redirects must not be followed. */
  send?: (call: PushCall) => Promise<number>
}

/** How long a service keeps a message for a device that is off: longer than a weekend away. */
const TTL_SECONDS = 4 * 24 * 3_600
const TIMEOUT_MS = 5_000
/** Services take 4,096 bytes (RFC 8030); encryption adds 103. */
const MAX_MESSAGE = 3_993

/** `web-push` and what it brings are loaded at the first message: a server that sends none does without. */
const loadLibrary = async (): Promise<WebPushLibrary> => (await import('web-push')).default

async function sendCall({ url, headers, body }: PushCall): Promise<number> {
  return (await smallRequest({ url, method: 'POST', headers, body, timeoutMs: TIMEOUT_MS })).status
}

/** A new pair; to be made once and kept, since browsers subscribe to the public one. */
export async function makeVapidKeys(load: () => Promise<WebPushLibrary> = loadLibrary): Promise<VapidKeys> {
  return (await load()).generateVAPIDKeys()
}

/**
 * Sends messages to browsers' push services, encrypted for the one device (RFC 8291). `gone` when the service says that
 * the subscription is no more (404, 410), `failed` for everything else: it never rejects. An address that is no push
 * service's is not called, whatever was stored. Logs name the service alone: an endpoint is a key to its device.
 */
export function webPushNotifier(options: WebPushOptions): Notifier {
  const { vapid, allowedHosts = [], logger, load = loadLibrary, send = sendCall } = options
  let loading: Promise<WebPushLibrary> | undefined

  /** A failed load is tried again. */
  function library(): Promise<WebPushLibrary> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }

  async function callOf({ endpoint, keys }: PushSubscription, message: string): Promise<PushCall> {
    const { encrypt, getVapidHeaders } = await library()
    const { origin } = new URL(endpoint)
    const { cipherText: body } = encrypt(keys.p256dh, keys.auth, message, 'aes128gcm')
    const signed = getVapidHeaders(origin, vapid.subject, vapid.publicKey, vapid.privateKey, 'aes128gcm')
    return {
      url: endpoint,
      body,
      headers: {
        authorization: signed.Authorization,
        'content-encoding': 'aes128gcm',
        'content-length': String(body.length),
        'content-type': 'application/octet-stream',
        ttl: String(TTL_SECONDS),
        urgency: 'normal',
      },
    }
  }

  return {
    async send(subscription, message) {
      if (!isPushEndpoint(subscription.endpoint, allowedHosts)) {
        logger.warn('push message not sent: its address is not that of a push service')
        return 'failed'
      }
      const host = new URL(subscription.endpoint).hostname
      if (Buffer.byteLength(message) > MAX_MESSAGE) {
        logger.error('push message not sent: it is too long', { bytes: Buffer.byteLength(message) })
        return 'failed'
      }
      let call: PushCall
      try {
        call = await callOf(subscription, message)
      } catch (error) {
        // The library names what is wrong with keys and subject without repeating the private one.
        logger.warn('push message not sent: it cannot be written', { host, code: codeOf(error) })
        return 'failed'
      }
      try {
        const status = await send(call)
        if (status >= 200 && status < 300) return 'sent'
        if (status === 404 || status === 410) return 'gone'
        logger.warn('push message refused', { host, status })
      } catch (error) {
        logger.warn('push service does not answer', { host, code: codeOf(error) })
      }
      return 'failed'
    },
  }
}
