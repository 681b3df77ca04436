import type { CatalogTitle, MediaCatalog, TitleKey } from '../../packages/core/src/index.ts'
import type { MovieLookup, Show, ShowLookup } from '../clients/index.ts'

const imdbId = (n: number, digits: number) => `tt${String(n).padStart(digits, '0')}`

/** Movies as the catalogue knows them: every ninth without IMDb id, others with 7, 8 or 9 digits. */
export function someMovies(count: number): CatalogTitle[] {
  return Array.from({ length: count }, (_, n) => ({
    mediaType: 'movie',
    tmdbId: 1000 + n,
    title: `Movie <${n}> & "Co"`,
    year: 1960 + (n % 60),
    overview: '',
    voteAverage: 7,
    genres: [],
    seasons: [],
    ...(n % 9 === 4 ? {} : { imdbId: imdbId(500_000 + n, 7 + (n % 3)) }),
  }))
}

/** Series as the catalogue knows them: every eighth without TVDB id, every fifth without IMDb id. */
export function someSeries(count: number): CatalogTitle[] {
  return Array.from({ length: count }, (_, n) => ({
    mediaType: 'tv',
    tmdbId: 5000 + n,
    title: `Show’s ${n}`,
    year: 2000 + (n % 20),
    overview: '',
    voteAverage: 7,
    genres: [],
    seasons: Array.from({ length: 2 + (n % 5) }, (_, season) => ({
      seasonNumber: season,
      episodeCount: 8,
      airDate: '2020-01-01',
    })),
    ...(n % 8 === 3 ? {} : { tvdbId: tvdbIdOf(5000 + n) }),
    ...(n % 5 === 2 ? {} : { imdbId: imdbId(700_000 + n, 8) }),
  }))
}

/** What TheTVDB calls a series, known to our catalogue or not. */
export const tvdbIdOf = (tmdbId: number) => 90_000 + tmdbId

/** By what Radarr or Sonarr knows a title. */
export const clientIdOf = ({ mediaType, tmdbId }: TitleKey) => (mediaType === 'movie' ? tmdbId : tvdbIdOf(tmdbId))

/** The catalogue that the app asks. */
export function catalogueOf(titles: readonly CatalogTitle[]): MediaCatalog {
  return {
    kind: 'tmdb',
    search: async () => ({ results: [...titles], page: 1, totalPages: 1, totalResults: titles.length }),
    details: async (key) => titles.find((one) => one.tmdbId === key.tmdbId && one.mediaType === key.mediaType),
    trending: async () => titles.slice(0, 1),
  }
}

/** Radarr's metadata server; its title search finds the wrong movie. */
export function movieLookup(movies: readonly CatalogTitle[]): MovieLookup {
  const byTmdb = new Map(movies.map((movie) => [movie.tmdbId, movie]))
  const byImdb = new Map(movies.flatMap((movie) => (movie.imdbId ? [[movie.imdbId, movie] as const] : [])))
  return {
    byTmdbId: (id) => byTmdb.get(id),
    byImdbId: (id) => byImdb.get(id),
    byTitle: () => ({ tmdbId: 666, title: 'Another movie' }),
  }
}

/** Sonarr's metadata server, which knows every id. */
export function showLookup(series: readonly CatalogTitle[]): ShowLookup {
  const shows = series.map((one): Show => {
    const show = { tvdbId: tvdbIdOf(one.tmdbId), tmdbId: one.tmdbId, title: one.title }
    const seasons = one.seasons.map((season) => season.seasonNumber)
    return one.imdbId ? { ...show, seasons, imdbId: one.imdbId } : { ...show, seasons }
  })
  const byTvdb = new Map(shows.map((show) => [show.tvdbId, show]))
  const byTmdb = new Map(shows.map((show) => [show.tmdbId, show]))
  const byImdb = new Map(shows.flatMap((show) => (show.imdbId ? [[show.imdbId, show] as const] : [])))
  return {
    byTvdbId: (id) => byTvdb.get(id),
    byTmdbId: (id) => byTmdb.get(id),
    byImdbId: (id) => byImdb.get(id),
  }
}
