import {
  type Check,
  type Clock,
  type DeploymentChecks,
  type Logger,
  type TitleKeyFacts,
  versionChecks,
} from '@stellarr/core'
import type { ApiSettings } from './settings.ts'

/** What a service said of its key is kept so long: the page that shows it is looked at again and again. */
const CHECK_MS = 60_000

/**
 * What only this deployment can say. Room, locks, the clock and backups are Amazon's here: of those nothing is said but how
 * to get lost data back.
 */
export function ownChecks(
  settings: ApiSettings,
  { version, clock, logger }: { version: string; clock: Clock; logger: Logger },
): DeploymentChecks {
  let asked: { until: number; keys: Promise<TitleKeyFacts[]> } | undefined

  async function ask(): Promise<TitleKeyFacts[]> {
    // Loaded when an admin looks: no other call needs it.
    const { checkTmdbKey, checkTvdbKey } = await import('@stellarr/gateways/check-key')
    const { tmdbApiKey, tmdbBaseUrl, tvdbApiKey, tvdbBaseUrl } = settings
    const keyOf = async (service: 'tmdb' | 'tvdb', apiKey: string | undefined): Promise<TitleKeyFacts> => {
      if (apiKey === undefined) return { service, source: 'none' }
      const baseUrl = service === 'tmdb' ? tmdbBaseUrl : tvdbBaseUrl
      const options = { apiKey, clock, logger, ...(baseUrl !== undefined && { baseUrl }) }
      const state = await (service === 'tmdb' ? checkTmdbKey(options) : checkTvdbKey(options))
      return { service, source: 'environment', state }
    }
    return Promise.all([keyOf('tmdb', tmdbApiKey), keyOf('tvdb', tvdbApiKey)])
  }

  return {
    baseUrls: settings.baseUrls,
    pushSubject: settings.vapidSubject,
    titleKeys() {
      if (!asked || asked.until <= clock.now()) asked = { until: clock.now() + CHECK_MS, keys: ask() }
      return asked.keys
    },
    others: async () => [
      storeIdCheck(settings.storeId),
      {
        id: 'backup',
        group: 'database',
        state: 'works',
        code: 'point_in_time',
        facts: { kept_by: 'DynamoDB' },
        nextStep: 'DynamoDB keeps every moment of the last 35 days. An export is a copy of your own.',
      },
      ...versionChecks(version, settings.renamed),
    ],
  }
}

function storeIdCheck(storeId: string | undefined): Check {
  const base = { id: 'store-id', group: 'database', facts: {} } as const
  if (storeId !== undefined) return { ...base, state: 'works' }
  const nextStep = 'STORE_ID is not set: the lists of another table would be read without notice. Set it.'
  return { ...base, state: 'not_set_up', code: 'no_store_id', nextStep }
}
