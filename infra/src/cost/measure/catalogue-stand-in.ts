import { type OwnServer, ownServer } from '../../local/own-server.ts'
import { prose } from './prose.ts'

/** Titles on a page of TMDB. */
const PAGE = 20
/** The titles of one id are of a usual length, and so are their overviews. */
export const titleOf = (id: number): string => prose(id, 20)
export const overviewOf = (id: number): string => prose(id + 1, 300)
export const posterOf = (id: number): string => `/${prose(id + 2, 40).replaceAll(' ', '')}.jpg`

const common = (id: number) => ({ id, overview: overviewOf(id), poster_path: posterOf(id), vote_average: 7.5 })
const movie = (id: number) => ({
  ...common(id),
  title: titleOf(id),
  original_title: titleOf(id),
  release_date: '2024-05-01',
})
const series = (id: number) => ({
  ...common(id),
  name: titleOf(id),
  original_name: titleOf(id),
  first_air_date: '2020-05-01',
})
const SEASONS = Array.from({ length: 6 }, (_, n) => ({
  season_number: n,
  name: `Season ${n}`,
  episode_count: 10,
  air_date: `${2020 + n}-01-01`,
}))
const imdbOf = (id: number) => `tt${String(id).padStart(7, '0')}`

function list(kind: string) {
  const results = Array.from({ length: PAGE }, (_, n) => {
    const isMovie = kind === 'movie' || (kind !== 'tv' && n % 2 === 0)
    return isMovie ? { ...movie(n + 1), media_type: 'movie' } : { ...series(n + 1), media_type: 'tv' }
  })
  return { page: 1, results, total_pages: 5, total_results: 5 * PAGE }
}

function answerTo(path: string): object {
  const [, , first, second = ''] = path.split('/')
  const id = Number(second)
  if (first === 'search' || first === 'trending') return list(second)
  if (first === 'movie') {
    const imdb_id = imdbOf(id)
    return { ...movie(id), imdb_id, runtime: 120, genres: [], external_ids: { imdb_id } }
  }
  return {
    ...series(id),
    genres: [],
    external_ids: { imdb_id: imdbOf(id), tvdb_id: id + 100_000 },
    seasons: SEASONS,
  }
}

/** A stand-in for TMDB that knows a title of every id and answers in full pages. `url` is its base address. */
export function startCatalogueStandIn(): Promise<OwnServer> {
  return ownServer((req, res) => {
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(JSON.stringify(answerTo(new URL(req.url ?? '', 'http://any').pathname)))
  })
}
