import { createRequire } from 'node:module'
import type { Logger, PushService, SettingsStore } from '@stellarr/core'
import type { PushSettings } from './settings.ts'

/** Push messages; their code, and web-push from its layer, are loaded at first use. */
export function openPush(settings: PushSettings, store: SettingsStore, logger: Logger): PushService {
  let service: Promise<PushService> | undefined
  const open = () => {
    service ??= import('@stellarr/gateways/web-push').then(({ webPushService }) =>
      webPushService({
        settings: store,
        given: settings.vapid,
        subject: settings.vapidSubject,
        allowedHosts: settings.pushHosts,
        logger,
        load: async () => createRequire(import.meta.url)('web-push'),
      }),
    )
    return service
  }
  return {
    publicKey: async () => (await open()).publicKey(),
    send: async (subscription, message) => (await open()).send(subscription, message),
  }
}
