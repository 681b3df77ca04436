import type { EventPart, MediaEvent, MediaEventKind, ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import {
  count,
  fieldsOf,
  flag,
  id,
  idsOf,
  imdbId,
  invalid,
  listOf,
  NO_OBJECT,
  nameOf,
  text,
  within,
  year,
} from './fields.ts'
import { isReplaced, otherEvent, REPLACED } from './servarr.ts'

const BODY = v.object({
  eventType: text,
  series: within({ tvdbId: id, tmdbId: id, imdbId, title: text, year }),
  episodes: listOf({ seasonNumber: count, episodeNumber: count }),
  deletedFiles: flag,
  deleteReason: text,
})

/** Of the events that say something about a title: what, and whether it is about episodes. */
const KINDS = new Map<string, { name: string; kind: MediaEventKind; episodes?: 'some' | 'needed' }>([
  ['seriesadd', { name: 'SeriesAdd', kind: 'picked_up' }],
  ['grab', { name: 'Grab', kind: 'downloading', episodes: 'some' }],
  // Also when an import of several files is complete, and when a better file takes the place of one.
  ['download', { name: 'Download', kind: 'arrived', episodes: 'needed' }],
  ['seriesdelete', { name: 'SeriesDelete', kind: 'gone' }],
  ['episodefiledelete', { name: 'EpisodeFileDelete', kind: 'file_gone', episodes: 'needed' }],
])

/** The episodes, each once. */
function partsOf(
  list: readonly { seasonNumber?: number | undefined; episodeNumber?: number | undefined }[],
): EventPart[] {
  const parts = new Map<string, EventPart>()
  for (const { seasonNumber, episodeNumber } of list) {
    if (seasonNumber === undefined || episodeNumber === undefined) continue
    parts.set(`${seasonNumber}/${episodeNumber}`, { seasonNumber, episodeNumber })
  }
  return [...parts.values()]
}

/**
 * Reads what Sonarr sends by Connect → Webhook. Facts: https://github.com/Sonarr/Sonarr,
 * NzbDrone.Core/Notifications/Webhook (versions 3 and 4: the first has no TMDB id and no year).
 */
export function readSonarrEvent(body: unknown): ReadEvent {
  const fields = fieldsOf(BODY, body)
  if (!fields) return NO_OBJECT
  const { eventType, series } = fields
  if (eventType === undefined) return invalid('eventType', 'the name of a Sonarr event, like "Download"')
  const known = KINDS.get(eventType.toLowerCase())
  if (!known) return otherEvent('Sonarr', eventType)
  if (known.kind === 'file_gone' && isReplaced(fields.deleteReason)) return REPLACED
  if (!series) return invalid('series', 'the series that it is about')
  const ids = idsOf(series)
  if (Object.keys(ids).length === 0) return invalid('series.tvdbId', 'the id of a series')
  const event: MediaEvent = {
    source: 'sonarr',
    name: known.name,
    kind: known.kind,
    mediaType: 'tv',
    ids,
    ...nameOf(series.title, series.year),
  }
  if (known.episodes) {
    const parts = partsOf(fields.episodes ?? [])
    if (parts.length === 0 && known.episodes === 'needed') return invalid('episodes', 'the episodes that it is about')
    event.parts = parts
  }
  if (known.kind === 'gone' && fields.deletedFiles === false) event.filesKept = true
  return { kind: 'event', event }
}
