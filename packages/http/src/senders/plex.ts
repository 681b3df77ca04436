import type { EventPart, MediaType, ReadEvent, TitleIds } from '@stellarr/core'
import * as v from 'valibot'
import {
  count,
  fieldsOf,
  idsOf,
  ignored,
  invalid,
  label,
  listOf,
  NO_OBJECT,
  nameOf,
  partNumber,
  text,
  unusable,
  within,
  year,
} from './fields.ts'
import { arrival, otherThanArrival, type Told } from './media-servers.ts'
import { idsOfGuids, idsOfLegacyGuid, isOfNoAgent, titleGuid } from './plex-guids.ts'

const PAYLOAD = v.object({
  event: text,
  Server: within({ title: text }),
  Metadata: within({
    type: text,
    subtype: text,
    librarySectionID: label,
    guid: text,
    parentGuid: text,
    grandparentGuid: text,
    title: text,
    parentTitle: text,
    grandparentTitle: text,
    year,
    parentYear: year,
    index: partNumber,
    parentIndex: partNumber,
    leafCount: count,
    Guid: listOf({ id: text }),
  }),
})

type Metadata = NonNullable<v.InferOutput<typeof PAYLOAD>['Metadata']>

/** The title that an item is about, by its ids and Plex's own name of it. */
function about(mediaType: MediaType, ids: TitleIds, guid: string | undefined): Told {
  const known = titleGuid(guid, mediaType)
  return { mediaType, ids: idsOf(ids), ...(known !== undefined && { guid: known }) }
}

function movie(item: Metadata): Told {
  // A movie's TVDB id counts TVDB's movies, which no list and no request knows.
  const { tvdbId: _, ...ids } = idsOfGuids(item.Guid ?? [])
  return {
    ...about('movie', { ...idsOfLegacyGuid(item.guid, 'movie'), ...ids }, item.guid),
    ...nameOf(item.title, item.year),
  }
}

function show(item: Metadata): Told {
  return {
    ...about('tv', { ...idsOfLegacyGuid(item.guid, 'show'), ...idsOfGuids(item.Guid ?? []) }, item.guid),
    ...nameOf(item.title, item.year),
    ...(item.leafCount !== undefined && { episodeCount: item.leafCount }),
  }
}

/** How many episodes of a season are here: a server counts those of each of its libraries apart. */
function countOf({ leafCount, librarySectionID }: Metadata): Omit<EventPart, 'seasonNumber'> {
  if (leafCount === undefined) return {}
  return { episodeCount: leafCount, ...(librarySectionID !== undefined && { library: librarySectionID }) }
}

/** The `Guid` list of a season holds the season's ids, which nobody needs. */
function season(item: Metadata): Told {
  const ids = { ...idsOfLegacyGuid(item.guid, 'season'), ...idsOfLegacyGuid(item.parentGuid, 'show') }
  return {
    ...about('tv', ids, item.parentGuid),
    ...nameOf(item.parentTitle, item.parentYear),
    parts: item.index === undefined ? [] : [{ seasonNumber: item.index, ...countOf(item) }],
  }
}

/** The `Guid` list of an episode holds the episode's ids and `year` is the episode's; neither stands for its series. */
function episode(item: Metadata): Told {
  const ids = { ...idsOfLegacyGuid(item.guid, 'episode'), ...idsOfLegacyGuid(item.grandparentGuid, 'show') }
  const own = idsOfGuids(item.Guid ?? [])
  const { parentIndex: seasonNumber, index: episodeNumber } = item
  return {
    ...about('tv', ids, item.grandparentGuid),
    ...(own.tvdbId !== undefined && { episodeTvdbId: own.tvdbId }),
    ...nameOf(item.grandparentTitle, undefined),
    parts: seasonNumber === undefined || episodeNumber === undefined ? [] : [{ seasonNumber, episodeNumber }],
  }
}

/** What Plex calls clips and the like (`subtype`, or `extraType` in words). */
const EXTRAS = new Set([
  ...['clip', 'trailer', 'deletedscene', 'behindthescenes', 'interview'],
  ...['sceneorsample', 'featurette', 'short', 'other'],
])

/**
 * True for what Plex knows no movie or series behind: clips, and what no agent looked up ("Other Videos"). People name
 * these as they like, so a title proves nothing.
 */
const isHomeVideo = ({ subtype, guid, parentGuid, grandparentGuid }: Metadata) =>
  EXTRAS.has(subtype?.toLowerCase() ?? '') || [guid, parentGuid, grandparentGuid].some(isOfNoAgent)

/** The event without a title to match by; ignored where nothing else names one. */
function untitled(read: ReadEvent): ReadEvent {
  if (read.kind !== 'event') return read
  const { title: _, year: __, ...event } = read.event
  if (event.guid === undefined && event.episodeTvdbId === undefined && Object.keys(event.ids).length === 0) {
    return ignored('It is a home video or a clip: Plex knows no movie or series behind it.')
  }
  return { kind: 'event', event }
}

const sameName = (a: string | undefined, b: string) =>
  a?.normalize('NFC').trim().toLowerCase() === b.normalize('NFC').trim().toLowerCase()

/**
 * Reads the payload of a Plex webhook (https://support.plex.tv/articles/115002267687-webhooks/). `library.new` alone is
 * about arrivals: of movies, of shows (several episodes at once), seasons and episodes.
 * @param serverName PLEX_SERVER_NAME: what other servers send is ignored
 */
export function readPlexEvent(body: unknown, serverName?: string): ReadEvent {
  const payload = fieldsOf(PAYLOAD, body)
  if (!payload) return NO_OBJECT
  const { event: name, Metadata: item } = payload
  if (name === undefined) return invalid('event', 'the name of a Plex event, like "library.new"')
  if (serverName !== undefined && serverName.trim() !== '' && !sameName(payload.Server?.title, serverName)) {
    return ignored('It comes from another Plex server than PLEX_SERVER_NAME.')
  }
  if (name !== 'library.new') return otherThanArrival('Plex', name)
  if (!item) return unusable('Metadata', 'the item that arrived')
  const read = arrival({ source: 'plex', server: 'Plex', name, typeField: 'Metadata.type' }, item.type, {
    movie: () => movie(item),
    show: () => show(item),
    season: () => season(item),
    episode: () => episode(item),
  })
  return isHomeVideo(item) ? untitled(read) : read
}
