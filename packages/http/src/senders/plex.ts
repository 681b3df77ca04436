import type { EventPart, MediaEvent, MediaType, ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import {
  count,
  fieldsOf,
  idsOf,
  ignored,
  invalid,
  listOf,
  NO_OBJECT,
  nameOf,
  quoted,
  text,
  within,
  year,
} from './fields.ts'
import { idsOfGuids, idsOfLegacyGuid, titleGuid } from './plex-guids.ts'

const PAYLOAD = v.object({
  event: text,
  Server: within({ title: text }),
  Metadata: within({
    type: text,
    guid: text,
    parentGuid: text,
    grandparentGuid: text,
    title: text,
    parentTitle: text,
    grandparentTitle: text,
    year,
    parentYear: year,
    index: count,
    parentIndex: count,
    leafCount: count,
    Guid: listOf({ id: text }),
  }),
})

type Metadata = NonNullable<v.InferOutput<typeof PAYLOAD>['Metadata']>

/** What an item says of its movie or series. */
type Told = Pick<MediaEvent, 'ids' | 'guid' | 'title' | 'year' | 'parts' | 'episodeCount' | 'episodeTvdbId'>

const told = (mediaType: MediaType, guid: string | undefined) => {
  const known = titleGuid(guid, mediaType)
  return known === undefined ? {} : { guid: known }
}

function movie(item: Metadata): Told {
  // A movie's TVDB id counts TVDB's movies, which no list and no request knows.
  const { tvdbId: _, ...ids } = idsOfGuids(item.Guid ?? [])
  return {
    ids: { ...idsOfLegacyGuid(item.guid, 'movie'), ...ids },
    ...told('movie', item.guid),
    ...nameOf(item.title, item.year),
  }
}

function show(item: Metadata): Told {
  return {
    ids: { ...idsOfLegacyGuid(item.guid, 'show'), ...idsOfGuids(item.Guid ?? []) },
    ...told('tv', item.guid),
    ...nameOf(item.title, item.year),
    ...(item.leafCount !== undefined && { episodeCount: item.leafCount }),
  }
}

/** The `Guid` list of a season holds the season's ids, which nobody needs. */
function season(item: Metadata): Told {
  const part: EventPart[] =
    item.index === undefined
      ? []
      : [{ seasonNumber: item.index, ...(item.leafCount !== undefined && { episodeCount: item.leafCount }) }]
  return {
    ids: { ...idsOfLegacyGuid(item.guid, 'season'), ...idsOfLegacyGuid(item.parentGuid, 'show') },
    ...told('tv', item.parentGuid),
    ...nameOf(item.parentTitle, item.parentYear),
    parts: part,
  }
}

/** The `Guid` list of an episode holds the episode's ids and `year` is the episode's; neither stands for its series. */
function episode(item: Metadata): Told {
  const own = idsOfGuids(item.Guid ?? [])
  const { parentIndex: seasonNumber, index: episodeNumber } = item
  return {
    ids: { ...idsOfLegacyGuid(item.guid, 'episode'), ...idsOfLegacyGuid(item.grandparentGuid, 'show') },
    ...told('tv', item.grandparentGuid),
    ...(own.tvdbId !== undefined && { episodeTvdbId: own.tvdbId }),
    ...nameOf(item.grandparentTitle, undefined),
    parts: seasonNumber === undefined || episodeNumber === undefined ? [] : [{ seasonNumber, episodeNumber }],
  }
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
  if (name !== 'library.new') return ignored(`Plex's ${quoted(name)} says nothing about arrivals.`)
  if (!item) return invalid('Metadata', 'the item that arrived')
  const event = (mediaType: MediaType, { ids, ...rest }: Told): ReadEvent => ({
    kind: 'event',
    event: { source: 'plex', name, kind: 'arrived', mediaType, ids: idsOf(ids), ...rest },
  })
  switch (item.type) {
    case 'movie':
      return event('movie', movie(item))
    case 'show':
      return event('tv', show(item))
    case 'season':
      return event('tv', season(item))
    case 'episode':
      return event('tv', episode(item))
    case undefined:
      return invalid('Metadata.type', 'movie, show, season or episode')
    default:
      return ignored(`Plex's ${quoted(item.type)} is neither a movie nor a part of a series.`)
  }
}
