import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const PLEX_TOKEN = 'plex-token-of-the-tests'
export const API_KEY = 'api-key-of-the-tests'
export const SYNC_TOKEN = 'sync-token-of-the-agent'

type Row = Record<string, unknown>

export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
}

/** Answers a request in another way than the fake would; false leaves it to the fake. */
export type Instead = (asked: Asked, res: ServerResponse) => boolean

export interface Fake {
  url: string
  asked: Asked[]
  /** Faults that a test wants. */
  instead: Instead
  close(): Promise<void>
}

export function sendJson(res: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): true {
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  return true
}

export function sendPage(res: ServerResponse, status = 200): true {
  res.writeHead(status, { 'content-type': 'text/html' }).end('<html><head><title>A page</title></head></html>')
  return true
}

async function startFake(answer: (asked: Asked, res: ServerResponse) => void): Promise<Fake> {
  const server = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    const url = new URL(req.url ?? '/', 'http://any')
    const asked: Asked = {
      method: req.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: req.headers,
      body: Buffer.concat(parts).toString(),
    }
    fake.asked.push(asked)
    if (!fake.instead(asked, res)) answer(asked, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: Fake = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    instead: () => false,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return fake
}

export interface PlexSection {
  key: string
  type: string
  title: string
  agent?: string
  /** What it lists, by Plex's number: 1 movies, 2 shows, 3 seasons. */
  rows: Record<number, Row[]>
}

/** A Plex server with made-up sections. */
export function fakePlex(sections: PlexSection[]): Promise<Fake> {
  return startFake((asked, res) => {
    if (asked.headers['x-plex-token'] !== PLEX_TOKEN) return sendPage(res, 401)
    if (asked.path === '/library/sections') {
      const Directory = sections.map(({ rows: _, agent = 'tv.plex.agents.movie', ...section }) => ({
        ...section,
        agent,
        scanner: 'Plex',
        Location: [{ id: 1, path: '/made/up' }],
      }))
      return sendJson(res, { MediaContainer: { size: Directory.length, title1: 'Plex Library', Directory } })
    }
    const section = sections.find(({ key }) => asked.path === `/library/sections/${key}/all`)
    const all = section?.rows[Number(asked.query.get('type'))]
    if (all === undefined) return sendPage(res, 404)
    const start = Number(asked.headers['x-plex-container-start'] ?? 0)
    const page = all.slice(start, start + Number(asked.headers['x-plex-container-size'] ?? all.length))
    const container = { size: page.length, totalSize: all.length, offset: start }
    sendJson(res, { MediaContainer: page.length > 0 ? { ...container, Metadata: page } : container })
  })
}

export const plexMovie = (n: number, more: Row = {}): Row => ({
  ratingKey: `f${n}`,
  guid: `plex://movie/${n}`,
  type: 'movie',
  title: `Made-up Movie ${n}`,
  year: 2000,
  summary: '',
  Guid: [{ id: `imdb://tt${1_000_000 + n}` }, { id: `tmdb://${n}` }],
  ...more,
})
export const plexShow = (n: number, more: Row = {}): Row => ({
  ...plexMovie(n, { ratingKey: `s${n}`, type: 'show', title: `Made-up Show ${n}` }),
  Guid: [{ id: `tvdb://${9000 + n}` }, { id: `tmdb://${n}` }],
  ...more,
})
export const plexSeason = (show: number, index: number, leafCount: number): Row => ({
  ratingKey: `s${show}x${index}`,
  parentRatingKey: `s${show}`,
  type: 'season',
  index,
  leafCount,
  Guid: [{ id: `tmdb://${77_000 + index}` }],
})

export interface Folder {
  Id: string
  Name: string
  CollectionType?: string
  items: Row[]
}

/** A Jellyfin or Emby server with made-up libraries. */
export function fakeJellyfin(folders: Folder[], emby = false): Promise<Fake> {
  return startFake((asked, res) => {
    const given = emby ? asked.headers['x-emby-token'] : asked.headers.authorization
    if (given !== (emby ? API_KEY : `MediaBrowser Token="${API_KEY}"`)) return void res.writeHead(401).end()
    if (asked.path === '/Library/MediaFolders') {
      const Items = folders.map(({ items: _, ...folder }) => ({ ...folder, Type: 'CollectionFolder', IsFolder: true }))
      return sendJson(res, { Items, TotalRecordCount: Items.length, StartIndex: 0 })
    }
    if (asked.path !== '/Items') return void res.writeHead(404).end()
    const kind = asked.query.get('IncludeItemTypes')
    const all = folders
      .filter(({ Id }) => Id === asked.query.get('ParentId'))
      .flatMap(({ items }) => items.filter(({ Type }) => Type === kind))
    const start = Number(asked.query.get('StartIndex'))
    const Items = all.slice(start, start + Number(asked.query.get('Limit')))
    sendJson(res, { Items, TotalRecordCount: all.length, StartIndex: start })
  })
}

export const movie = (n: number, more: Row = {}): Row => ({
  Name: `Made-up Movie ${n}`,
  Id: `f${n}`,
  Type: 'Movie',
  ProductionYear: 2001,
  ProviderIds: { Tmdb: String(n), Imdb: `tt${1_000_000 + n}`, TmdbCollection: '5' },
  LocationType: 'FileSystem',
  ...more,
})
export const series = (n: number, more: Row = {}): Row => ({
  ...movie(n, { Name: `Made-up Series ${n}`, Id: `s${n}`, Type: 'Series', IsFolder: true }),
  ProviderIds: { Tmdb: String(n), Tvdb: String(9000 + n) },
  ...more,
})
export const episode = (of: number, season: number, number: number, more: Row = {}): Row => ({
  Name: `Episode ${number}`,
  Id: `s${of}e${season}x${number}`,
  Type: 'Episode',
  SeriesId: `s${of}`,
  ParentIndexNumber: season,
  IndexNumber: number,
  LocationType: 'FileSystem',
  ...more,
})

/** A Stellarr with the sync API alone; `library` is what was committed, by source and type. */
export async function fakeStellarr() {
  const library = new Map<string, Map<number, Row>>()
  const syncs = new Map<string, { key: string; pages: Map<string, Row[]> }>()
  const unknown = (res: ServerResponse) => sendJson(res, { detail: 'No such sync.', code: 'sync_unknown' }, 404)
  const fake = await startFake((asked, res) => {
    if (asked.headers['x-api-key'] !== SYNC_TOKEN) return sendJson(res, { detail: 'No.', code: 'bad_token' }, 401)
    const [, id = '', page, commit] = /^\/sync\/library\/([^/]+)(?:\/pages\/(\d+)|\/(commit))?$/.exec(asked.path) ?? []
    const body = JSON.parse(asked.body)
    if (id === 'begin') {
      const sync_id = `sync-${syncs.size + 1}`
      syncs.set(sync_id, { key: `${body.source} ${body.media_type}`, pages: new Map() })
      return sendJson(res, { sync_id })
    }
    const sync = syncs.get(id)
    if (!sync) return unknown(res)
    if (page !== undefined) {
      if (body.length > 2_000) return sendJson(res, { detail: 'Too many.', code: 'too_many_items' }, 413)
      sync.pages.set(page, body)
      return sendJson(res, { stored: body.length, skipped: [] })
    }
    if (commit === undefined) return sendJson(res, { detail: 'Not found.', code: 'not_found' }, 404)
    if (body.pages !== sync.pages.size) return sendJson(res, { detail: 'Missing.', code: 'pages_missing' }, 409)
    const next = new Map([...sync.pages.values()].flat().map((row) => [Number(row.tmdb_id), row]))
    const now = library.get(sync.key) ?? new Map<number, Row>()
    if (!body.confirm && now.size > 0 && next.size * 2 < now.size) {
      const detail = `This would shrink the library from ${now.size} to ${next.size} titles. Was a disk not mounted?`
      return sendJson(res, { detail, code: 'needs_confirmation', field: 'confirm' }, 409)
    }
    syncs.delete(id)
    library.set(sync.key, next)
    const added = [...next.keys()].filter((key) => !now.has(key)).length
    const removed = [...now.keys()].filter((key) => !next.has(key)).length
    sendJson(res, { status: 'success', added, removed, unchanged: next.size - added, marked_as_added: 0 })
  })
  return Object.assign(fake, {
    library,
    /** The rows of one sync's library, by TMDB id. */
    rows: (key: string) => [...(library.get(key)?.values() ?? [])],
    /** Makes it forget what has begun, as after an hour. */
    forget: () => syncs.clear(),
  })
}
