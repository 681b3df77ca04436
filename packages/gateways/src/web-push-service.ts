import { Fault, type Logger, type PushService, type SettingsStore } from '@stellarr/core'
import { makeVapidKeys, type VapidKeys, type WebPushLibrary, webPushNotifier } from './web-push-notifier.ts'

const NAME = 'vapid'

function parseKeys(stored: string): VapidKeys {
  try {
    const keys: unknown = JSON.parse(stored)
    if (keys !== null && typeof keys === 'object' && 'publicKey' in keys && 'privateKey' in keys) {
      const { publicKey, privateKey } = keys
      if (typeof publicKey === 'string' && typeof privateKey === 'string') return { publicKey, privateKey }
    }
  } catch {
    // Said below.
  }
  throw new Fault('storage_corrupt', 'The keys for push messages cannot be read.')
}

/**
 * Push messages with the pair of keys that the settings give, or one that is made once and kept in the store: browsers
 * subscribe for one pair, so it never changes by itself. Nothing is loaded or read before the first use.
 * @param options.load how `web-push` is found, where it is not beside us
 */
export function webPushService(options: {
  settings: SettingsStore
  given: VapidKeys | undefined
  subject: string
  allowedHosts: readonly string[]
  logger: Logger
  load?: () => Promise<WebPushLibrary>
}): PushService {
  const { settings, given, subject, load } = options
  let keys: Promise<VapidKeys> | undefined

  function vapid(): Promise<VapidKeys> {
    const made = async () => JSON.stringify(await makeVapidKeys(load))
    keys ??= given ? Promise.resolve(given) : settings.getOrCreate(NAME, made).then(parseKeys)
    // A fault is no answer: the next use asks again.
    keys.catch(() => {
      keys = undefined
    })
    return keys
  }

  return {
    publicKey: async () => (await vapid()).publicKey,
    async send(subscription, message) {
      const notifier = webPushNotifier({
        vapid: { ...(await vapid()), subject },
        allowedHosts: options.allowedHosts,
        logger: options.logger,
        ...(load && { load }),
      })
      return notifier.send(subscription, message)
    },
  }
}
