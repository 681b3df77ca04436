import type { Broadcast, CatalogSeason, EpisodeAiring } from '@stellarr/core'
import { dateOf, numberOf } from './answers.ts'
import { field } from './tvdb-client.ts'

/** A series' seasons in TVDB's default order, which Sonarr counts by. */
export interface TvdbSeasonList extends Pick<Broadcast, 'last' | 'next'> {
  /** Ascending, specials (0) included, without names. `last` and `next` are no specials. */
  seasons: CatalogSeason[]
}

/** Counts the episodes of a series without keeping them. */
export interface EpisodeCount {
  /** Takes TVDB's record of an episode; an odd one is left out. */
  add(record: unknown): void
  /** The seasons; undefined where no episode was taken. */
  list(): TvdbSeasonList | undefined
}

/** Of two episodes of one day the one with the lower numbers is the earlier. */
function isBefore(a: EpisodeAiring, b: EpisodeAiring): boolean {
  if (a.airDate !== b.airDate) return a.airDate < b.airDate
  return a.seasonNumber === b.seasonNumber ? a.episodeNumber < b.episodeNumber : a.seasonNumber < b.seasonNumber
}

/**
 * Counts episodes by their seasons.
 * @param today `YYYY-MM-DD` of UTC. An episode of today is still to air, as at TMDB: an evening in America is tomorrow.
 */
export function countEpisodes(today: string): EpisodeCount {
  const seasons = new Map<number, CatalogSeason>()
  const run: Pick<Broadcast, 'last' | 'next'> = {}

  function note(episode: EpisodeAiring): void {
    if (episode.airDate < today) {
      if (!run.last || isBefore(run.last, episode)) run.last = episode
    } else if (!run.next || isBefore(episode, run.next)) {
      run.next = episode
    }
  }

  return {
    add(record) {
      const [seasonNumber, episodeNumber] = [numberOf(field(record, 'seasonNumber')), numberOf(field(record, 'number'))]
      if (seasonNumber === undefined || episodeNumber === undefined) return
      const season = seasons.get(seasonNumber) ?? { seasonNumber, episodeCount: 0 }
      seasons.set(seasonNumber, season)
      season.episodeCount += 1
      const airDate = dateOf(field(record, 'aired'))
      if (airDate === undefined) return
      if (season.airDate === undefined || airDate < season.airDate) season.airDate = airDate
      if (seasonNumber > 0) note({ seasonNumber, episodeNumber, airDate })
    },

    list() {
      if (seasons.size === 0) return undefined
      return { seasons: [...seasons.values()].sort((a, b) => a.seasonNumber - b.seasonNumber), ...run }
    },
  }
}
