import {
  isCarried,
  KEPT_REASONS,
  LANGUAGES,
  LIBRARY_SOURCES,
  MAX_ID,
  MEDIA_REQUEST_STATUSES,
  MEDIA_TYPES,
  parseFeedSettings,
} from '@stellarr/core'
import * as v from 'valibot'

/** The rows of a store as a file has them: as packages/core names their fields; times are epoch ms everywhere. */

export const time = v.pipe(v.number(), v.safeInteger())
export const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ID))
const imdbId = v.pipe(v.string(), v.regex(/^tt\d{7,10}$/, 'expected tt and 7 to 10 digits'))
const mediaType = v.picklist(MEDIA_TYPES)
const source = v.picklist(LIBRARY_SOURCES)
const key = { mediaType, tmdbId: id }
const externalIds = { imdbId: v.exactOptional(imdbId), tvdbId: v.exactOptional(id) }
const said = { source, at: time }
/** Beyond any series; a range is gone through number by number. */
const MAX_EPISODE = 1_000_000
const yes = v.exactOptional(v.literal(true))
const standing = {
  state: v.exactOptional(v.picklist(['some', 'up_to_date', 'complete'])),
  held: v.exactOptional(whole),
  awaitedSince: v.exactOptional(time),
  told: v.exactOptional(v.picklist(['up_to_date', 'complete'])),
}

const season = v.strictObject({
  seasonNumber: whole,
  name: v.exactOptional(v.string()),
  episodeCount: whole,
  airDate: v.exactOptional(v.string()),
  unlisted: yes,
  past: yes,
  later: yes,
  asked: yes,
  aired: v.exactOptional(whole),
  here: v.exactOptional(v.strictObject({ episodes: whole, ...said })),
  counted: v.exactOptional(
    v.strictObject({ episodes: whole, ...said, libraries: v.exactOptional(v.record(v.string(), whole)) }),
  ),
  episodes: v.exactOptional(
    v.array(
      v.strictObject({
        number: whole,
        to: v.exactOptional(v.pipe(whole, v.maxValue(MAX_EPISODE))),
        ...said,
        gone: yes,
        first: v.exactOptional(time),
        lost: v.exactOptional(time),
        also: v.exactOptional(v.string()),
      }),
    ),
  ),
  ...standing,
})

const episode = v.strictObject({ seasonNumber: whole, episodeNumber: whole, airDate: v.string() })

const request = v.strictObject({
  ...key,
  ...externalIds,
  title: v.string(),
  originalTitle: v.exactOptional(v.string()),
  year: v.exactOptional(v.pipe(v.number(), v.integer())),
  overview: v.string(),
  posterPath: v.exactOptional(v.string()),
  seasons: v.exactOptional(v.union([v.literal('all'), v.array(whole)])),
  futureSeasons: v.exactOptional(v.boolean()),
  qualityProfileId: id,
  status: v.picklist(MEDIA_REQUEST_STATUSES),
  statusAt: time,
  statements: v.array(
    v.strictObject({
      status: v.picklist(MEDIA_REQUEST_STATUSES),
      source: v.picklist([...LIBRARY_SOURCES, 'person']),
      at: time,
      uncounted: yes,
    }),
  ),
  requestedBy: v.string(),
  followers: v.array(v.string()),
  createdAt: time,
  addedAt: v.exactOptional(time),
  withdrawnAt: v.exactOptional(time),
  seasonState: v.array(season),
  broadcast: v.exactOptional(
    v.strictObject({ ended: v.boolean(), last: v.exactOptional(episode), next: v.exactOptional(episode) }),
  ),
  numbering: v.exactOptional(v.literal('tvdb')),
  altogether: v.exactOptional(v.strictObject(standing)),
  way: v.exactOptional(v.picklist(['picked_up', 'downloading'])),
  completeAt: v.exactOptional(time),
  formerIds: v.exactOptional(v.array(v.strictObject({ ...externalIds, until: time, listed: yes, bySonarr: yes }))),
  unlistedAt: v.exactOptional(time),
  formerAskers: v.exactOptional(v.array(v.string())),
  rootFolderId: v.exactOptional(id),
  clients: v.exactOptional(
    v.array(v.strictObject({ client: v.string(), said: v.picklist(['took', 'has', 'gave_up']), at: time })),
  ),
  lost: v.exactOptional(v.strictObject(said)),
  kept: v.exactOptional(v.picklist(KEPT_REASONS)),
})

const isReadable = (value: string) => {
  try {
    return parseFeedSettings(value).importing === undefined
  } catch {
    return false
  }
}

/** What a row of each kind must be. */
export const ROWS = {
  setting: v.pipe(
    v.strictObject({ name: v.string(), value: v.string() }),
    v.check(({ name }) => isCarried(name), 'this setting belongs to one store alone'),
    v.check(({ name, value }) => name !== 'feeds' || isReadable(value), 'the routing of the feeds cannot be read'),
  ),
  guid: v.strictObject({ guid: v.string(), ...key, tvdbId: v.exactOptional(id) }),
  subscription: v.strictObject({
    endpoint: v.pipe(v.string(), v.url()),
    user: v.string(),
    keys: v.strictObject({ p256dh: v.string(), auth: v.string() }),
    language: v.picklist(LANGUAGES),
    createdAt: time,
  }),
  library: v.strictObject({
    ...key,
    ...externalIds,
    title: v.exactOptional(v.string()),
    seasons: v.exactOptional(v.array(v.strictObject({ seasonNumber: whole, episodes: whole }))),
    source,
    addedAt: time,
  }),
  request,
}
