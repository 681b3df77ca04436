import type { EpisodeResolver, Logger } from '@stellarr/core'
import { type TvdbClientOptions, tvdbClient } from './tvdb-client.ts'
import { tvdbResolver } from './tvdb-resolver.ts'
import { type TvdbSeasons, tvdbSeasons } from './tvdb-seasons.ts'

export { withTvdbSeasons } from './tvdb-seasons.ts'

/** What is asked of TVDB, with one login for all. */
export interface Tvdb {
  episodes: EpisodeResolver
  seasons: TvdbSeasons
}

/** TVDB's version 4. Touches no network until it is asked. */
export function openTvdb(options: TvdbClientOptions & { logger: Logger }): Tvdb {
  const { clock, logger } = options
  const client = tvdbClient(options)
  return { episodes: tvdbResolver({ client, clock, logger }), seasons: tvdbSeasons({ client, clock, logger }) }
}
