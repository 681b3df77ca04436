import type { MediaEvent, MediaEventSource, MediaType, ReadEvent } from '@stellarr/core'
import { episodes, idsOf, ignored, nameOf, quoted, unusable } from './fields.ts'

/** What Plex, Jellyfin and Emby have in common: they are heard for what arrived, and for nothing else. */

/** What an item says of its movie or series. */
export type Told = Omit<MediaEvent, 'source' | 'name' | 'kind'>

/** A message that is about something else: playback, a deletion, a user. */
export function otherThanArrival(server: string, name: string): ReadEvent {
  return ignored(`${server}'s ${quoted(name)} says nothing about arrivals.`)
}

/**
 * The arrival of an item.
 * @param told what an item of each type says, by the server's four words: those for a movie, a series, a season and an
 * episode, in that order
 */
export function arrival(
  from: { source: MediaEventSource; server: string; name: string; typeField: string },
  type: string | undefined,
  told: Record<string, () => Told>,
): ReadEvent {
  if (type === undefined) {
    const [movie, series, season, episode] = Object.keys(told)
    return unusable(from.typeField, `${movie}, ${series}, ${season} or ${episode}`)
  }
  const tell = Object.hasOwn(told, type) ? told[type] : undefined
  if (!tell) return ignored(`${from.server}'s ${quoted(type)} is neither a movie nor a part of a series.`)
  return { kind: 'event', event: { source: from.source, name: from.name, kind: 'arrived', ...tell() } }
}

/** An item of Jellyfin or Emby, which once were one program. Of a season or an episode, `providers` are its own. */
export interface ServerItem {
  type: string | undefined
  providers: { tmdb?: number | undefined; tvdb?: number | undefined; imdb?: string | undefined }
  /** The movie's or the series' own name at its server, and its title and year. */
  guid: string | undefined
  title: string | undefined
  year: number | undefined
  season: number | undefined
  episode: number | undefined
  /** Of a file with several: its last episode. */
  lastEpisode: number | undefined
}

/** The arrival of an item of Jellyfin or Emby. */
export function itemArrival(from: Parameters<typeof arrival>[0], item: ServerItem): ReadEvent {
  const { providers, season, episode } = item
  const { tmdb: tmdbId, tvdb, imdb: imdbId } = providers
  const named = { ...(item.guid !== undefined && { guid: item.guid }), ...nameOf(item.title, item.year) }
  const title = (mediaType: MediaType): Told => {
    // A movie's TVDB id counts TVDB's movies, which no list and no request knows.
    const ids = idsOf({ tmdbId, imdbId, tvdbId: mediaType === 'tv' ? tvdb : undefined })
    return { mediaType, ids, ...named }
  }
  const part = (parts: NonNullable<MediaEvent['parts']>): Told => ({ mediaType: 'tv', ids: {}, ...named, parts })
  return arrival(from, item.type, {
    Movie: () => title('movie'),
    Series: () => title('tv'),
    Season: () => part(season === undefined ? [] : [{ seasonNumber: season }]),
    Episode: () => ({
      ...part(season === undefined || episode === undefined ? [] : episodes(season, episode, item.lastEpisode)),
      ...(tvdb !== undefined && { episodeTvdbId: tvdb }),
    }),
  })
}
