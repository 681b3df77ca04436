import type { FeedReader, LibraryStatusAnswer, RequestRow, TitleAnswer, TitleItem } from '@stellarr/http/wire'
import { ApiError } from '../src/api/client.ts'

/** A request as the API gives it. */
export const aRow = (tmdb_id: number, more: Partial<RequestRow> = {}): RequestRow => ({
  media_type: 'movie',
  tmdb_id,
  title: `Title ${tmdb_id}`,
  original_title: null,
  year: 2000,
  overview: '',
  poster_path: null,
  imdb_id: null,
  tvdb_id: null,
  seasons: null,
  future_seasons: null,
  quality_profile_id: 1,
  status: 'pending',
  requested_by: 'Ann',
  followers: [],
  progress: null,
  numbering: null,
  lost_at: null,
  lost_in: null,
  kept_in_lists: null,
  not_in_catalog_since: null,
  created_at: '2026-01-01T00:00:00.000Z',
  added_at: null,
  also_seasons: [],
  undeliverable_by: [],
  ...more,
})

type Season = TitleAnswer['seasons'][number]

/** Episodes: those here, those that have aired, those that are listed. */
export const counts = (here: number, aired: number, total: number, next_air_date: string | null = null) => ({
  here,
  aired,
  total,
  next_air_date,
})

/** A season of a title, over long ago and not requested. */
export const aSeason = (season_number: number, more: Partial<Season> = {}): Season => ({
  season_number,
  name: '',
  episode_count: 10,
  air_date: '2001-01-01',
  state: 'none',
  progress: counts(0, 10, 10),
  requested: false,
  announced_later: false,
  past: false,
  ...more,
})

/** A title of a list. */
export const anItem = (id: number, more: Partial<TitleItem> = {}): TitleItem => ({
  id,
  title: `Title ${id}`,
  year: 2000,
  overview: '',
  poster_path: null,
  media_type: 'movie',
  vote_average: 0,
  number_of_seasons: null,
  ...more,
})

/** Somebody who reads a list. */
export const aReader = (more: Partial<FeedReader> = {}): FeedReader => ({
  id: 'feed Radarr radarr-program',
  app: 'Radarr',
  version: '6.1.0.1',
  list: 'radarr-program',
  profile: null,
  rows: 1,
  first_read_at: '2026-01-01T00:00:00.000Z',
  last_read_at: '2026-01-02T00:00:00.000Z',
  silent: false,
  key_name: null,
  old_key: false,
  ...more,
})

export const aStatus = (requests: RequestRow[], movies: number[] = []): LibraryStatusAnswer => ({
  library: { movie: movies, tv: [] },
  requests,
})

export const refusal = (status: number, code: string) => new ApiError(status, code, {})

/** A promise that is settled by hand. */
export function byHand<Value>() {
  let resolve: (value: Value) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<Value>((good, bad) => {
    resolve = good
    reject = bad
  })
  return { promise, resolve, reject }
}

/** Translates to the key and its values, so that tests see what is said. */
export const say = (key: string, values: Record<string, unknown> = {}) =>
  [key, ...Object.values(values).map(String)].join(' ')
