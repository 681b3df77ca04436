import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type FakeTvdbMode = 'ok' | 'down' | 'slow' | '500' | '429' | 'html' | 'wrong_types' | 'no_token' | 'always_401'

/** A stand-in for TVDB's version 4 on loopback. */
export interface FakeTvdb {
  /** Base address, `…/v4`. */
  url: string
  /** The one key that it takes. */
  apiKey: string
  /** Series by the ids of their episodes. */
  episodes: Map<number, number>
  mode(next: FakeTvdbMode): void
  /** Makes all tokens given so far worthless. */
  expireTokens(): void
  /** Paths, in order. */
  calls: string[]
  /** How long each answer is held. */
  holdMs: number
  close(): Promise<void>
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
    const id = Number(/^\/episodes\/(\d+)$/.exec(path)?.[1])
    const seriesId = fake.episodes.get(id)
    if (seriesId === undefined) return answer(404, null, 'NotFoundException: episode not found')
    return answer(200, { id, seriesId: mode === 'wrong_types' ? 'many' : seriesId, name: 'Pilot', number: 1 })
  })
  const fake: FakeTvdb = {
    url: '',
    apiKey: '00000000-1111-2222-3333-444444444444',
    episodes: new Map([[349_232, 81_189]]),
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
