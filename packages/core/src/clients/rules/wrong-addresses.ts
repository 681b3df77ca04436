import type { FeedName } from './feed-names.ts'
import { FEEDS } from './feeds.ts'

/**
 * The list that a program should read instead of this one, which is another program's: a read that finds nothing of its
 * own looks to a client like an order to clean up. Undefined where the program may read.
 * @param app as `appOf` says it; only Radarr and Sonarr are ever sent elsewhere
 */
export function wrongAppAt(feed: FeedName, app: string): FeedName | undefined {
  const { counterpart } = FEEDS[feed]
  return counterpart !== undefined && FEEDS[counterpart].client === app.toLowerCase() ? counterpart : undefined
}

/**
 * What each client puts behind the address that it is given: Radarr and Sonarr `/api/v3/…`, Lidarr `/api/v1/…`
 * (RadarrV3Proxy, SonarrV3Proxy and LidarrV1Proxy in their sources).
 */
const CALL = /\/api\/v[13](?=\/)/gi
const AT_ITS_BASE = /^\/(radarr|sonarr)\/api\/v3\//i
const PROGRAM_LISTS = ['radarr-program', 'sonarr-program'] as const satisfies readonly FeedName[]

/**
 * The program lists that a client may have meant at a path where none is: it was given an address without `/radarr` or
 * `/sonarr`, or with too much. Undefined where the path is not of that kind; both lists where nobody can tell.
 * @param app as `appOf` says it
 */
export function wrongBaseAt(path: string, app: string): readonly FeedName[] | undefined {
  const calls = path.match(CALL)?.length ?? 0
  const isRight = calls === 0 || (calls === 1 && AT_ITS_BASE.test(path))
  if (isRight && !/^\/lidarr(\/|$)/i.test(path)) return undefined
  const asked = /\/(movie|series|languageprofile)\/?$/i.exec(path)?.[1]?.toLowerCase()
  const client = asked === undefined ? app.toLowerCase() : asked === 'movie' ? 'radarr' : 'sonarr'
  const meant = PROGRAM_LISTS.filter((feed) => FEEDS[feed].client === client)
  return meant.length > 0 ? meant : PROGRAM_LISTS
}
