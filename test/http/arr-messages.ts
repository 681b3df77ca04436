import type { FakeTmdb } from '@stellarr/gateways/testing'
import { call, WEBHOOK_TOKENS } from './deployment.ts'

/** What one Radarr or Sonarr calls itself in its messages. */
export interface Instance {
  instanceName?: string
  applicationUrl?: string
}

/** The ids by which a message names a series. */
interface Named {
  tmdbId: number
  tvdbId: number
}

/** Which episodes a message of Sonarr is about. */
type Episodes = readonly (readonly [season: number, episode: number])[]

/** A message as Radarr 6 sends it (NzbDrone.Core/Notifications/Webhook). */
export function radarrMessage(
  eventType: string,
  tmdbId: number,
  { instanceName = 'Radarr', applicationUrl = '' }: Instance = {},
  more: object = {},
) {
  const title = `Movie ${tmdbId}`
  const folder = `${title} (2001)`
  const file = { id: tmdbId, relativePath: `${title}.mkv`, path: `/movies/${folder}/${title}.mkv`, size: 1_000 }
  const parts: Record<string, object> = {
    Grab: { release: { quality: 'Bluray-1080p', indexer: 'x', size: 1_000 }, downloadClient: 'x', downloadId: 'A' },
    Download: { movieFile: file, isUpgrade: false, downloadClient: 'x', downloadId: 'A' },
    MovieFileDelete: { movieFile: file, deleteReason: 'missingFromDisk' },
    MovieDelete: { deletedFiles: true, movieFolderSize: 1_000 },
  }
  return {
    movie: { id: tmdbId, title, year: 2001, folderPath: `/movies/${folder}`, tmdbId, imdbId: imdbOf(tmdbId), tags: [] },
    ...parts[eventType],
    eventType,
    instanceName,
    applicationUrl,
    ...more,
  }
}

/** A message as Sonarr 4 sends it. */
export function sonarrMessage(
  eventType: string,
  { tmdbId, tvdbId }: Named,
  episodes: Episodes = [],
  { instanceName = 'Sonarr', applicationUrl = '' }: Instance = {},
) {
  const title = `Series ${tmdbId}`
  const parts: Record<string, object> = {
    Download: { episodeFile: { id: 1, relativePath: 'x.mkv', size: 1_000 }, isUpgrade: false },
    EpisodeFileDelete: { episodeFile: { id: 1, relativePath: 'x.mkv', size: 1_000 }, deleteReason: 'missingFromDisk' },
    SeriesDelete: { deletedFiles: true },
  }
  const series = { id: tmdbId, title, path: `/tv/${title}`, tvdbId, tmdbId, type: 'standard', year: 2015, tags: [] }
  const list = episodes.map(([seasonNumber, episodeNumber], n) => ({ id: n + 1, seasonNumber, episodeNumber }))
  return {
    series,
    ...(list.length > 0 && { episodes: list }),
    ...parts[eventType],
    eventType,
    instanceName,
    applicationUrl,
  }
}

/** The IMDb id of a movie made for a test. */
export const imdbOf = (tmdbId: number) => `tt${String(5_000_000 + tmdbId)}`

/** Gives the catalogue's stand-in a movie. */
export function addMovie({ tmdb }: { tmdb: FakeTmdb }, tmdbId: number, title = `Movie ${tmdbId}`): number {
  tmdb.titles.set(`movie/${tmdbId}`, {
    id: tmdbId,
    title,
    original_title: title,
    release_date: '2001-01-01',
    external_ids: { imdb_id: imdbOf(tmdbId) },
  })
  return tmdbId
}

/** Gives the catalogue's stand-in a series of one season with one episode. */
export function addSeries({ tmdb }: { tmdb: FakeTmdb }, tmdbId: number): Named {
  const tvdbId = 300_000 + tmdbId
  tmdb.titles.set(`tv/${tmdbId}`, {
    id: tmdbId,
    name: `Series ${tmdbId}`,
    original_name: `Series ${tmdbId}`,
    first_air_date: '2015-01-01',
    external_ids: { imdb_id: null, tvdb_id: tvdbId },
    seasons: [{ season_number: 1, episode_count: 1, air_date: '2015-01-01', name: 'Season 1' }],
  })
  return { tmdbId, tvdbId }
}

/** Sends a message behind its webhook's token. */
export const send = (
  { url }: { url: string },
  app: 'radarr' | 'sonarr',
  json: object,
  token: string = WEBHOOK_TOKENS[app],
) => call(url, `/webhook/${app}?token=${token}`, { json })
