import { createRequire } from 'node:module'
import type { Clock, EpisodeResolver, Logger, PushService, SettingsStore } from '@stellarr/core'
import type { ApiSettings } from './settings.ts'

/** Push messages; their code, and web-push from its layer, are loaded at first use. */
export function openPush(settings: ApiSettings, store: SettingsStore, logger: Logger): PushService {
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

/** Finds the series of episodes at TVDB, where there is a key for it; its code is loaded at first use. */
export function openEpisodes(
  settings: ApiSettings,
  surroundings: { clock: Clock; logger: Logger },
): { episodes?: EpisodeResolver } {
  const { tvdbApiKey: apiKey, tvdbBaseUrl: baseUrl } = settings
  if (apiKey === undefined) return {}
  let resolver: Promise<EpisodeResolver> | undefined
  const open = () => {
    resolver ??= import('@stellarr/gateways/tvdb').then(({ tvdbResolver }) =>
      tvdbResolver({ apiKey, ...surroundings, ...(baseUrl !== undefined && { baseUrl }) }),
    )
    return resolver
  }
  return { episodes: { seriesOf: async (episodeTvdbId) => (await open()).seriesOf(episodeTvdbId) } }
}
