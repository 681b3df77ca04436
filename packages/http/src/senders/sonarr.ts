import type { EventPart, MediaEvent, MediaEventKind, ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import {
  fieldsOf,
  flag,
  id,
  idsOf,
  imdbId,
  invalid,
  lenient,
  NO_OBJECT,
  nameOf,
  readPartNumber,
  text,
  unusable,
  within,
  year,
} from './fields.ts'
import type { JsonPicker } from './large-json.ts'
import { CLIENT, isReplaced, otherEvent, REPLACED } from './servarr.ts'

const OWN = { eventType: text, deletedFiles: flag, deleteReason: text, ...CLIENT }
const SERIES = { tvdbId: id, tmdbId: id, imdbId, title: text, year }
const EPISODE = ['seasonNumber', 'episodeNumber'] as const

const BODY = v.object({ ...OWN, series: within(SERIES), episodes: lenient(partsOf) })

/** Of the events that say something about a title: what, and whether it is about episodes. */
const KINDS = new Map<string, { name: string; kind: MediaEventKind; episodes?: 'some' | 'needed' }>([
  ['seriesadd', { name: 'SeriesAdd', kind: 'picked_up' }],
  ['grab', { name: 'Grab', kind: 'downloading', episodes: 'some' }],
  // Also when an import of several files is complete, and when a better file takes the place of one.
  ['download', { name: 'Download', kind: 'arrived', episodes: 'needed' }],
  ['seriesdelete', { name: 'SeriesDelete', kind: 'gone' }],
  ['episodefiledelete', { name: 'EpisodeFileDelete', kind: 'file_gone', episodes: 'needed' }],
])

/** Episodes, each once, in the order in which they come; there may be a hundred thousand. */
class Episodes {
  readonly parts: EventPart[] = []
  readonly #seasons = new Map<number, Set<number>>()

  /** Takes whole numbers or digits; what is neither is no episode. */
  add(season: unknown, episode: unknown): void {
    const seasonNumber = readPartNumber(season)
    const episodeNumber = readPartNumber(episode)
    if (seasonNumber === undefined || episodeNumber === undefined) return
    const known = this.#seasons.get(seasonNumber) ?? new Set()
    if (known.has(episodeNumber)) return
    this.#seasons.set(seasonNumber, known.add(episodeNumber))
    this.parts.push({ seasonNumber, episodeNumber })
  }
}

/** The episodes of a list, each once; undefined where it is none. What was picked has been read as it came. */
function partsOf(list: unknown): EventPart[] | undefined {
  if (list instanceof Episodes) return list.parts
  if (!Array.isArray(list)) return undefined
  const episodes = new Episodes()
  for (const one of list as readonly unknown[]) {
    if (typeof one !== 'object' || one === null) continue
    const { seasonNumber, episodeNumber } = one as Record<(typeof EPISODE)[number], unknown>
    episodes.add(seasonNumber, episodeNumber)
  }
  return episodes.parts
}

/**
 * What `readSonarrEvent` needs of a message that is too large to be held: an import of a thousand files names each with
 * all its streams.
 */
export function sonarrPicker(): JsonPicker {
  const own: Record<string, unknown> = {}
  const series: Record<string, unknown> = {}
  const episodes = new Episodes()
  let at: number | undefined
  let episode: Record<string, unknown> = {}
  return {
    paths: [
      ...Object.keys(OWN).map((name) => `$.${name}`),
      ...Object.keys(SERIES).map((name) => `$.series.${name}`),
      ...EPISODE.map((name) => `$.episodes.*.${name}`),
    ],
    take([first, second, third], value) {
      if (third !== undefined) {
        // Named by text, it is no place of a list.
        if (typeof second !== 'number') return
        if (second !== at) episode = {}
        at = second
        episode[third] = value
        episodes.add(episode.seasonNumber, episode.episodeNumber)
      } else if (second !== undefined) series[second] = value
      else if (first !== undefined) own[first] = value
    },
    message: () => ({
      ...own,
      ...(Object.keys(series).length > 0 && { series }),
      episodes,
    }),
  }
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
  if (!series) return unusable('series', 'the series that it is about')
  const ids = idsOf(series)
  if (Object.keys(ids).length === 0) return unusable('series.tvdbId', 'the id of a series')
  const event: MediaEvent = {
    source: 'sonarr',
    name: known.name,
    kind: known.kind,
    mediaType: 'tv',
    ids,
    ...nameOf(series.title, series.year),
  }
  if (known.episodes) {
    const parts = fields.episodes ?? []
    if (parts.length === 0 && known.episodes === 'needed') return unusable('episodes', 'the episodes that it is about')
    event.parts = parts
  }
  if (known.kind === 'gone' && fields.deletedFiles === false) event.filesKept = true
  return { kind: 'event', event }
}
