import type { MediaEvent, MediaEventKind, ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import {
  fieldsOf,
  flag,
  id,
  idsOf,
  imdbId,
  invalid,
  NO_OBJECT,
  nameOf,
  text,
  unusable,
  within,
  year,
} from './fields.ts'
import { isReplaced, otherEvent, REPLACED } from './servarr.ts'

const MOVIE = { tmdbId: id, imdbId, title: text, year }

const BODY = v.object({
  eventType: text,
  movie: within(MOVIE),
  remoteMovie: within(MOVIE),
  deletedFiles: flag,
  deleteReason: text,
})

const KINDS = new Map<string, { name: string; kind: MediaEventKind }>([
  ['movieadded', { name: 'MovieAdded', kind: 'picked_up' }],
  ['grab', { name: 'Grab', kind: 'downloading' }],
  ['download', { name: 'Download', kind: 'arrived' }],
  ['moviedelete', { name: 'MovieDelete', kind: 'gone' }],
  ['moviefiledelete', { name: 'MovieFileDelete', kind: 'file_gone' }],
])

/**
 * Reads what Radarr sends by Connect → Webhook. Facts: https://github.com/Radarr/Radarr,
 * NzbDrone.Core/Notifications/Webhook (version 3 tells the year beside the download alone).
 */
export function readRadarrEvent(body: unknown): ReadEvent {
  const fields = fieldsOf(BODY, body)
  if (!fields) return NO_OBJECT
  const { eventType, movie, remoteMovie } = fields
  if (eventType === undefined) return invalid('eventType', 'the name of a Radarr event, like "Download"')
  const known = KINDS.get(eventType.toLowerCase())
  if (!known) return otherEvent('Radarr', eventType)
  if (known.kind === 'file_gone' && isReplaced(fields.deleteReason)) return REPLACED
  if (!movie) return unusable('movie', 'the movie that it is about')
  const ids = idsOf(movie)
  if (Object.keys(ids).length === 0) return unusable('movie.tmdbId', 'the id of a movie')
  const isSame = remoteMovie?.tmdbId !== undefined && remoteMovie.tmdbId === movie.tmdbId
  const event: MediaEvent = {
    source: 'radarr',
    name: known.name,
    kind: known.kind,
    mediaType: 'movie',
    ids,
    ...nameOf(movie.title, movie.year ?? (isSame ? remoteMovie.year : undefined)),
  }
  if (known.kind === 'gone' && fields.deletedFiles === false) event.filesKept = true
  return { kind: 'event', event }
}
