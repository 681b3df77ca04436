import type { CatalogSeason, CatalogTitle, EpisodeAiring, MediaRequestStatus } from '../../packages/core/src/index.ts'
import { DAY } from './agenda.ts'

/** A season's number and an episode's in it. */
export interface Place {
  season: number
  number: number
}

/** One episode as it really is. Days count from the start of the simulation and can lie before it. */
export interface Episode {
  tmdb: Place
  /** As TVDB, and so Sonarr, numbers it. */
  tvdb: Place
  /** The day on which it airs. */
  day: number
  /** So many days after that day begins Sonarr has it. */
  late: number
}

/** Somebody who asks for a series. */
export interface Ask {
  by: string
  day: number
  /** Absent: all. */
  seasons?: number[]
  cancelsOn?: number
}

/** An entry of TMDB, what becomes of it, and what people are to see of it. */
export interface Series {
  name: string
  tmdbId: number
  episodes: readonly Episode[]
  asks: readonly Ask[]
  /** The TVDB id that the catalogue tells on a day. */
  tvdbId(day: number): number
  /** The one that TVDB's own series has then: Sonarr holds it by that. */
  sonarrId(day: number): number
  /** Other ids by which TVDB leads to it. */
  leadingIds?: readonly number[]
  /** The rows that it has in Sonarr's lists, by the ids that the catalogue and Sonarr named last. */
  rows(told: number, named: number | undefined): number[]
  /** The first day on which the catalogue lists the episodes of a season; from the first on where none is named. */
  listedFrom?: Record<number, number>
  /** From then on it lists a season without an episode. */
  announcedFrom?: Record<number, number>
  /** It lists no further than the next episode. */
  growing?: true
  endedFrom?: number
  /** The catalogue has it no longer. */
  missingFrom?: number
  /** Its seasons are TVDB's, but for the days on which TVDB does not answer. */
  missesTvdbOn?(day: number): boolean
  /** Version 3 of Sonarr names no TMDB id. */
  sonarr: 3 | 4
  /** What comes in one message of what had aired when Sonarr took it on. */
  backlog: 'episode' | 'season' | 'all'
  /** Whose numbers the media server that is counted each night has. */
  counted?: 'tmdb' | 'tvdb'
  /** Its first episode is deleted, and comes back. */
  lost?: { from: number; to: number }
  /** Seasons were picked that nobody can tell apart: it is never all here. */
  neverAvailable?: true
  expected: {
    /** Every status in its order. */
    way: readonly MediaRequestStatus[]
    /** What each person is told, in its order. */
    told: Record<string, readonly string[]>
    /** It has ended and is complete in the end. */
    complete: boolean
  }
}

/** The first day of the simulation, epoch ms: its clock begins at midnight. */
export const START = Date.UTC(2026, 0, 1)

export const dayOf = (at: number) => (at - START) / DAY
const dateOf = (day: number) => new Date(START + day * DAY).toISOString().slice(0, 10)

/** Where an episode stands in the catalogue's list. */
export const placeIn =
  (numbering: CatalogTitle['numbering']) =>
  (episode: Episode): Place =>
    numbering === 'tvdb' ? episode.tvdb : episode.tmdb

/** What the catalogue tells of a series on a day; fractions count. */
export function titleOn(series: Series, now: number): CatalogTitle | undefined {
  const today = Math.floor(now)
  const { listedFrom = {}, announcedFrom = {}, missingFrom = Number.POSITIVE_INFINITY } = series
  if (missingFrom <= now) return undefined
  const misses = series.missesTvdbOn?.(today)
  const numbering = misses === false ? ('tvdb' as const) : undefined
  const place = placeIn(numbering)
  const known = series.episodes.filter((one) => (listedFrom[place(one).season] ?? Number.NEGATIVE_INFINITY) <= now)
  const nextDay = Math.min(...known.map((one) => one.day).filter((day) => day > today))
  const listed = series.growing ? known.filter((one) => one.day <= Math.max(today, nextDay)) : known
  const regular = listed.filter((one) => place(one).season > 0).sort((a, b) => a.day - b.day)
  const last = regular.filter((one) => one.day <= today).at(-1)
  const next = regular.find((one) => one.day > today)
  return {
    mediaType: 'tv',
    tmdbId: series.tmdbId,
    title: series.name,
    year: 2020,
    overview: '',
    voteAverage: 7,
    genres: [],
    tvdbId: series.tvdbId(now),
    imdbId: imdbIdOf(series),
    seasons: seasonsOf(
      listed,
      place,
      Object.keys(announcedFrom)
        .map(Number)
        .filter((one) => (announcedFrom[one] ?? 0) <= now),
    ),
    broadcast: {
      ended: (series.endedFrom ?? Number.POSITIVE_INFINITY) <= now,
      ...(last && { last: airing(place(last), last.day) }),
      ...(next && { next: airing(place(next), next.day) }),
    },
    ...(numbering && { numbering }),
    ...(misses && { tvdbMissed: true }),
  }
}

export const imdbIdOf = ({ tmdbId }: Series) => `tt${String(tmdbId).padStart(8, '0')}`

const airing = ({ season, number }: Place, day: number): EpisodeAiring => ({
  seasonNumber: season,
  episodeNumber: number,
  airDate: dateOf(day),
})

function seasonsOf(
  listed: readonly Episode[],
  place: (episode: Episode) => Place,
  announced: readonly number[],
): CatalogSeason[] {
  const numbers = new Set([...listed.map((one) => place(one).season), ...announced])
  return [...numbers]
    .sort((a, b) => a - b)
    .map((seasonNumber) => {
      const own = listed.filter((one) => place(one).season === seasonNumber)
      const first = Math.min(...own.map((one) => one.day))
      return { seasonNumber, episodeCount: own.length, ...(own.length > 0 && { airDate: dateOf(first) }) }
    })
}
