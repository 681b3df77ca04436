import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type FakeMode = 'ok' | 'down' | 'slow' | 'drip' | '429' | 'html' | 'truncated' | 'wrong_types' | '401'

/** A stand-in for TMDB on loopback with a dozen titles of its own. */
export interface FakeTmdb {
  /** Base address, `…/3`. */
  url: string
  mode(next: FakeMode): void
  /**
   * A test's own titles by `tv/40` or `movie/603`, each as TMDB's whole answer to `/tv/40`; they may change while it
   * runs. They stand before the known ones, in searches and trending lists too. `undefined`: TMDB has no such title.
   */
  titles: Map<string, object | undefined>
  /** Sent with each answer besides its own headers. */
  headers: Record<string, string>
  /** What goes out in the place of a body, as a `content-encoding` among `headers` says it. */
  encode: (body: Buffer) => Buffer
  /** The Retry-After of mode `429`. */
  retryAfter: string
  /** Paths with queries, in order, keys left out. */
  calls: string[]
  /** How the last call brought its key. */
  lastKey: { query: string | null; header: string | undefined }
  /** The most calls that were open at once, each held for `holdMs`. */
  mostAtOnce: number
  holdMs: number
  close(): Promise<void>
}

const MOVIES = [
  { id: 27205, title: 'Inception', release_date: '2010-07-15', imdb_id: 'tt1375666' },
  { id: 603, title: 'The Matrix', release_date: '1999-03-31', imdb_id: 'tt0133093' },
  { id: 19, title: 'Metropolis', release_date: '1927-02-06', imdb_id: 'tt0017136' },
  { id: 900001, title: 'A Movie Without Another Id', release_date: '2024-01-01', imdb_id: null },
  { id: 900002, title: 'A Movie With a Blank Date', release_date: '', imdb_id: 'tt9000002' },
]

const SERIES = [
  {
    id: 1396,
    name: 'Breaking Bad',
    first_air_date: '2008-01-20',
    tvdb_id: 81189,
    imdb_id: 'tt0903747',
    seasons: [0, 1, 2, 3, 4, 5],
  },
  { id: 40, name: 'Dallas', first_air_date: '1978-04-02', tvdb_id: 77092, imdb_id: 'tt0077000', seasons: [1, 2, 3] },
  { id: 900003, name: 'A Series Without TVDB', first_air_date: 'soon', tvdb_id: null, imdb_id: null, seasons: [1] },
]

const movie = (one: (typeof MOVIES)[number]) => ({
  id: one.id,
  title: one.title,
  original_title: one.title,
  release_date: one.release_date,
  overview: `About ${one.title}.`,
  poster_path: `/poster${one.id}.jpg`,
  vote_average: 7.5,
})

const show = (one: (typeof SERIES)[number]) => ({
  id: one.id,
  name: one.name,
  original_name: one.name,
  first_air_date: one.first_air_date,
  overview: `About ${one.name}.`,
  poster_path: null,
  vote_average: 8.1,
})

type Own = FakeTmdb['titles']

/** The items of a list: a test's own titles first, then the known ones that it has not replaced. */
function itemsOf(type: 'movie' | 'tv', own: Own): { id: number; title?: string; name?: string }[] {
  const mine = [...own].flatMap(([key, raw]) => {
    const [kind, id] = key.split('/')
    return kind === type && raw ? [{ ...raw, id: Number(id) }] : []
  })
  const known = type === 'movie' ? MOVIES.map(movie) : SERIES.map(show)
  return [...mine, ...known.filter(({ id }) => !own.has(`${type}/${id}`))]
}

function list(kind: string, query: string | null, own: Own): object {
  const fits = ({ title, name }: { title?: string; name?: string }) =>
    query === null || (title ?? name ?? '').toLowerCase().includes(query.toLowerCase())
  const movies = itemsOf('movie', own).filter(fits)
  const shows = itemsOf('tv', own).filter(fits)
  const mixed = [
    ...movies.map((one) => ({ ...one, media_type: 'movie' })),
    { id: 500, name: 'A Person', media_type: 'person' },
    ...shows.map((one) => ({ ...one, media_type: 'tv' })),
  ]
  const results = kind === 'movie' ? movies : kind === 'tv' ? shows : mixed
  return { page: 1, results, total_pages: 1, total_results: results.length }
}

function details(kind: string, id: number, own: Own): object | undefined {
  const key = `${kind}/${id}`
  if (own.has(key)) return own.get(key)
  const one = MOVIES.find((known) => known.id === id)
  if (kind === 'movie' && one) {
    return {
      ...movie(one),
      imdb_id: one.imdb_id,
      runtime: 120,
      genres: [{ id: 1, name: 'Drama' }],
      external_ids: { imdb_id: one.imdb_id },
    }
  }
  const two = SERIES.find((known) => known.id === id)
  if (kind !== 'tv' || !two) return undefined
  return {
    ...show(two),
    genres: [{ id: 2, name: 'Crime' }],
    external_ids: { imdb_id: two.imdb_id, tvdb_id: two.tvdb_id },
    seasons: two.seasons.map((n) => ({
      season_number: n,
      name: `Season ${n}`,
      episode_count: 7 + n,
      air_date: `${2000 + n}-01-01`,
    })),
  }
}

/** Starts it on a free port of 127.0.0.1. */
export async function startFakeTmdb(): Promise<FakeTmdb> {
  let mode: FakeMode = 'ok'
  let open = 0
  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://fake')
    fake.lastKey = { query: url.searchParams.get('api_key'), header: req.headers.authorization }
    url.searchParams.delete('api_key')
    fake.calls.push(url.pathname + url.search)
    open += 1
    fake.mostAtOnce = Math.max(fake.mostAtOnce, open)
    if (fake.holdMs > 0) await new Promise((resolve) => setTimeout(resolve, fake.holdMs))
    open -= 1
    const answer = (status: number, body: string, type = 'application/json') => {
      const wait = status === 429 ? { 'retry-after': fake.retryAfter } : {}
      res.writeHead(status, { 'content-type': type, ...wait, ...fake.headers })
      res.end(fake.encode(Buffer.from(body)))
    }
    const [, , first, second, third] = url.pathname.split('/')
    const body =
      first === 'search' || first === 'trending'
        ? list(second ?? '', url.searchParams.get('query'), fake.titles)
        : details(first ?? '', Number(second ?? third), fake.titles)
    switch (mode) {
      case 'down':
        return req.socket.destroy()
      case 'slow':
        return
      case 'drip': {
        // Bytes keep coming, so that an idle timeout alone would wait for ever.
        res.writeHead(200, { 'content-type': 'application/json' })
        const timer = setInterval(() => res.write(' '), 200)
        res.on('close', () => clearInterval(timer))
        return
      }
      case '429':
        return answer(429, '{"status_code":25}')
      case '401':
        return answer(401, '{"status_code":7,"status_message":"Invalid API key"}')
      case 'html':
        return answer(200, '<html>maintenance</html>', 'text/html')
      case 'truncated':
        return answer(200, JSON.stringify(body ?? {}).slice(0, 1))
      case 'wrong_types':
        return answer(200, '{"results":"none","id":"x"}')
      case 'ok':
        return body ? answer(200, JSON.stringify(body)) : answer(404, '{"status_code":34}')
    }
  })
  const fake: FakeTmdb = {
    url: '',
    mode: (next) => {
      mode = next
    },
    titles: new Map(),
    headers: {},
    encode: (body) => body,
    retryAfter: '1',
    calls: [],
    lastKey: { query: null, header: undefined },
    mostAtOnce: 0,
    holdMs: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  fake.url = `http://127.0.0.1:${port}/3`
  return fake
}
