import { isFault } from '@stellarr/core'
import { type TmdbClientOptions, tmdbClient } from './tmdb-client.ts'
import { KeyRefused, type TvdbClientOptions, tvdbClient } from './tvdb-client.ts'

/** What a service says of a key; `unreachable` where it says nothing of it. */
export type KeyCheck = 'works' | 'refused' | 'unreachable'

/** Asks TMDB for this week's titles with a key, within 6 s. Never rejects. */
export async function checkTmdbKey(options: TmdbClientOptions): Promise<KeyCheck> {
  const client = tmdbClient(options)
  try {
    return (await client.get('/trending/all/week')) === undefined ? 'unreachable' : 'works'
  } catch (error) {
    return isFault(error, 'catalog_key_refused') ? 'refused' : 'unreachable'
  } finally {
    client.close()
  }
}

/** What is asked of TVDB, besides logging in, which is what its key is for. */
const TVDB_LIMITS = { timeoutMs: 5_000, maxBytes: 1024 * 1024 }

/** Logs in to TVDB with a key, within 10 s. Never rejects. */
export async function checkTvdbKey(options: TvdbClientOptions): Promise<KeyCheck> {
  try {
    await tvdbClient(options).get('/languages', TVDB_LIMITS)
    return 'works'
  } catch (error) {
    return error instanceof KeyRefused ? 'refused' : 'unreachable'
  }
}
