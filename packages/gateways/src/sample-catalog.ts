import { type CatalogItem, type CatalogTitle, type MediaCatalog, type MediaType, normaliseTitle } from '@stellarr/core'
import facts from './sample-facts.json' with { type: 'json' }
import { SAMPLE_OVERVIEWS } from './sample-overviews.ts'

const PAGE = 20

type Movie = (typeof facts.movies)[number]
type Series = (typeof facts.series)[number]

function common(type: MediaType, fact: Movie | Series) {
  return {
    mediaType: type,
    tmdbId: fact.tmdb_id,
    imdbId: fact.imdb_id,
    title: fact.title,
    year: fact.year,
    overview: SAMPLE_OVERVIEWS[`${type}/${fact.tmdb_id}`] ?? '',
    posterPath: `/posters/${type}-${fact.tmdb_id}.svg`,
    voteAverage: 0,
  }
}

function movie(fact: Movie): CatalogTitle {
  const title: CatalogTitle = { ...common('movie', fact), genres: [], seasons: [] }
  title.originalTitle = fact.original_title ?? fact.title
  if (fact.runtime_minutes !== undefined) title.runtime = fact.runtime_minutes
  return title
}

/** The first day of a year, or that of the series where it began later in that year. */
function dayIn(year: number, first: string): string {
  const day = `${year}-01-01`
  return day < first ? first : day
}

function series(fact: Series): CatalogTitle {
  return {
    ...common('tv', fact),
    tvdbId: fact.tvdb_id,
    originalTitle: fact.title,
    genres: fact.genres ?? [],
    numberOfSeasons: fact.seasons.length,
    seasons: fact.seasons.map((season, index) => ({
      seasonNumber: season.season_number,
      episodeCount: season.episode_count,
      airDate: index === 0 ? fact.first_air_date : dayIn(season.air_year, fact.first_air_date),
    })),
    broadcast: { ended: fact.status === 'ended' },
  }
}

/** All titles of the sample catalogue, newest first. */
export const SAMPLE_TITLES: readonly CatalogTitle[] = [...facts.movies.map(movie), ...facts.series.map(series)].sort(
  (a, b) => (b.year ?? 0) - (a.year ?? 0) || a.title.localeCompare(b.title, 'en'),
)

const words = (text: string) =>
  text
    .split(/[\s:.,'’!?–-]+/)
    .map(normaliseTitle)
    .filter((word) => word !== '')

function matches(title: CatalogTitle, query: string[]): boolean {
  const own = [...words(title.title), ...words(title.originalTitle ?? '')]
  return query.every((word) => own.some((known) => known.startsWith(word)))
}

function toItem(title: CatalogTitle): CatalogItem {
  const { genres: _, seasons: __, originalTitle: ___, imdbId: ____, tvdbId: _____, runtime: ______, ...rest } = title
  const { broadcast: _______, ...item } = rest
  return item
}

/**
 * The catalogue in use while no TMDB key is set: some two hundred well-known titles with true ids, so that everything
 * works end to end. Texts are our own, posters are drawn by code.
 */
export function sampleCatalog(): MediaCatalog {
  return {
    kind: 'sample',

    async search({ query, mediaType, page }) {
      const asked = words(query)
      const found = SAMPLE_TITLES.filter(
        (title) =>
          (mediaType === undefined || title.mediaType === mediaType) && asked.length > 0 && matches(title, asked),
      )
      return {
        results: found.slice((page - 1) * PAGE, page * PAGE).map(toItem),
        page,
        totalPages: Math.ceil(found.length / PAGE),
        totalResults: found.length,
      }
    },

    async details(key) {
      return SAMPLE_TITLES.find((title) => title.mediaType === key.mediaType && title.tmdbId === key.tmdbId)
    },

    async trending(kind) {
      const movies = SAMPLE_TITLES.filter((title) => title.mediaType === 'movie')
      const shows = SAMPLE_TITLES.filter((title) => title.mediaType === 'tv')
      const mixed = movies.flatMap((title, index) => [title, ...(shows[index] ? [shows[index]] : [])])
      const listed = kind === 'all' ? mixed : kind === 'movie' ? movies : shows
      return listed.slice(0, PAGE).map(toItem)
    },
  }
}
