import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export type FakeTvdbMode = 'ok' | 'down' | 'slow' | '500' | '429' | 'html' | 'wrong_types' | 'no_token' | 'always_401'

/** An episode of a series, in TVDB's own words. */
export interface FakeTvdbEpisode {
  seasonNumber: number
  number: number
  /** `YYYY-MM-DD` */
  aired: string | null
}

/** A stand-in for TVDB's version 4 on loopback. */
export interface FakeTvdb {
  /** Base address, `…/v4`. */
  url: string
  /** The one key that it takes. */
  apiKey: string
  /** Series by the ids of their episodes. */
  episodes: Map<number, number>
  /** The episodes of series in the default order, by the ids of the series; they may change while it runs. */
  series: Map<number, FakeTvdbEpisode[]>
  /** Episodes a page. */
  pageSize: number
  /** Whether a page says how many episodes there are in all. */
  tellsTotal: boolean
  mode(next: FakeTvdbMode): void
  /** Makes all tokens given so far worthless. */
  expireTokens(): void
  /** Paths, in order. */
  calls: string[]
  /** How long each answer is held. */
  holdMs: number
  close(): Promise<void>
}

/** A page of a series' episodes, packed. */
function pageOf(fake: FakeTvdb, seriesId: number, all: FakeTvdbEpisode[], page: number): Buffer {
  const address = (n: number) => `${fake.url}/series/${seriesId}/episodes/default?page=${n}`
  const from = page * fake.pageSize
  const episodes = all
    .slice(from, from + fake.pageSize)
    .map((episode, n) => ({ id: seriesId * 100_000 + from + n, seriesId, name: `Episode ${from + n}`, ...episode }))
  const links = {
    prev: page > 0 ? address(page - 1) : null,
    self: address(page),
    next: from + fake.pageSize < all.length ? address(page + 1) : null,
    ...(fake.tellsTotal ? { total_items: all.length, page_size: fake.pageSize } : {}),
  }
  return gzipSync(JSON.stringify({ status: 'success', data: { series: { id: seriesId }, episodes }, links }))
}

/** Starts it on a free port of 127.0.0.1. It knows episode 349232 of series 81189. */
export async function startFakeTvdb(): Promise<FakeTvdb> {
  let mode: FakeTvdbMode = 'ok'
  let given = 0
  let valid = new Set<string>()
  const server = createServer(async (req, res) => {
    const path = (req.url ?? '').replace(/^\/v4/, '')
    fake.calls.push(path)
    let body = ''
    for await (const part of req) body += part
    if (fake.holdMs > 0) await new Promise((resolve) => setTimeout(resolve, fake.holdMs))
    const answer = (status: number, data: unknown, message = 'success') => {
      res.writeHead(status, { 'content-type': 'application/json' })
      res.end(JSON.stringify({ status: status === 200 ? 'success' : 'failure', message, data }))
    }
    if (mode === 'down') return req.socket.destroy()
    if (mode === 'slow') return
    if (mode === '500' || mode === '429') return answer(Number(mode), null, 'not now')
    if (mode === 'html') return res.end('<html>maintenance</html>')
    if (path === '/login' && req.method === 'POST') {
      if (JSON.parse(body).apikey !== fake.apiKey) return answer(401, null, 'InvalidAPIKey: apikey invalid')
      const token = `header.${'x'.repeat(20)}.${given}`
      given += 1
      valid.add(token)
      return answer(200, mode === 'no_token' ? {} : { token })
    }
    const bearer = req.headers.authorization?.replace('Bearer ', '') ?? ''
    if (mode === 'always_401' || !valid.has(bearer)) return answer(401, null, 'Unauthorized')
    const [, series, page] = /^\/series\/(\d+)\/episodes\/default\?page=(\d+)$/.exec(path) ?? []
    const listed = fake.series.get(Number(series))
    if (listed) {
      if (mode === 'wrong_types') return answer(200, { series: 1, episodes: 'many' })
      res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      return res.end(pageOf(fake, Number(series), listed, Number(page)))
    }
    const id = Number(/^\/episodes\/(\d+)$/.exec(path)?.[1])
    const seriesId = fake.episodes.get(id)
    if (seriesId === undefined) return answer(404, null, 'NotFoundException: episode not found')
    return answer(200, { id, seriesId: mode === 'wrong_types' ? 'many' : seriesId, name: 'Pilot', number: 1 })
  })
  const fake: FakeTvdb = {
    url: '',
    apiKey: '00000000-1111-2222-3333-444444444444',
    episodes: new Map([[349_232, 81_189]]),
    series: new Map(),
    pageSize: 500,
    tellsTotal: true,
    mode: (next) => {
      mode = next
    },
    expireTokens: () => {
      valid = new Set()
    },
    calls: [],
    holdMs: 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4`
  return fake
}
