import { describe, expect, it } from 'vitest'
import {
  type HeardClient,
  heardAs,
  heardBy,
  isMany,
  isOngoing,
  MAX_CLIENTS,
  MOST_DELETIONS,
  withClient,
  withDeletion,
} from '../src/clients/rules/deletions.ts'
import { applyEvent, type MediaRequest, type RequestEvent } from '../src/index.ts'
import { MAX_CLIENT_WORDS } from '../src/requests/rules/client-words.ts'
import { aMovieRequest } from '../src/testing/index.ts'

const HOUR = 3_600_000
const T = 2e12
const ref = (name: string) => ({ id: `${name}.t`, tokens: ['t'] })
const say = (request: MediaRequest, name: string, status: RequestEvent['status'], at = T): MediaRequest =>
  applyEvent(request, { status, source: 'radarr', client: ref(name), at, now: at }).request
const invented = Array.from({ length: 100 }, (_, n) => `n${n}`)

describe('the words of clients', () => {
  it('are twenty and one for all others, and no title leaves the lists while one of those may have it', () => {
    let request = aMovieRequest()
    for (const name of invented) request = say(request, name, 'picked_up')
    expect(request.clients).toHaveLength(MAX_CLIENT_WORDS + 1)
    request = say(request, 'real', 'available')
    expect(request.clients?.find((word) => word.client === 'others')?.said).toBe('has')
    for (const name of [...invented, 'other', 'real']) request = say(request, name, 'gone', T + 2 * HOUR)
    expect(request.status).not.toBe('gone')
    expect(request.clients).toHaveLength(MAX_CLIENT_WORDS + 1)
  })

  it('make room for a new one where a client gave the title up, an hour ago or longer', () => {
    let request = aMovieRequest()
    for (const name of invented.slice(0, MAX_CLIENT_WORDS)) request = say(request, name, 'picked_up')
    request = say(request, 'n3', 'gone', T + 1)
    expect(say(request, 'real', 'picked_up', T + 2).clients?.some((word) => word.client === 'others')).toBe(true)
    const later = say(request, 'real', 'picked_up', T + HOUR + 1)
    expect(later.clients?.map((word) => word.client)).toContain('real.t')
    expect(later.clients?.map((word) => word.client)).not.toContain('n3.t')
    expect(later.clients).toHaveLength(MAX_CLIENT_WORDS)
  })
})

describe('the clients that were heard', () => {
  const heard = invented.reduce<HeardClient[]>((all, id) => withClient(all, id, 'radarr'), [])

  it('are thirty and one for all others of an app, so that none is forgotten', () => {
    expect(heard).toHaveLength(MAX_CLIENTS + 1)
    expect(heard[0]?.id).toBe('n0')
    expect([heardAs(heard, 'n0', 'radarr'), heardAs(heard, 'n99', 'radarr')]).toEqual(['n0', 'others-radarr'])
    expect(withClient(heard, 'n99', 'sonarr')).toHaveLength(MAX_CLIENTS + 2)
  })

  it('are asked about after two hundred deletions in an hour, however much they have read', () => {
    let all = heard
    for (let n = 0; n < 300; n += 1) all = withDeletion(all, 'n0', `movie/${n}`, T + n)
    expect(all[0]?.deletions).toHaveLength(MOST_DELETIONS)
    expect(isMany(MOST_DELETIONS, 1e6)).toBe(true)
    expect(isMany(MOST_DELETIONS - 1, 1e6)).toBe(false)
    // The largest of all that can be stored, far below what a store takes.
    const full = all.map((one) => ({ ...one, id: 'x'.repeat(25), deletions: all[0]?.deletions }))
    expect(JSON.stringify(full).length).toBeLessThan(320_000)
  })

  it('have heard nothing later than now: what a clock that was ahead has stamped is an hour old in an hour', () => {
    const asked = { of: 9, at: T + 72 * HOUR }
    const ahead = [
      { ...(heard[0] ?? { id: 'n0', app: 'radarr' }), deletions: [{ title: 'movie/1', at: asked.at }], asked },
    ]
    const [now] = heardBy(ahead, T)
    expect(now).toMatchObject({ deletions: [{ at: T }], asked: { of: 9, at: T } })
    expect(now && isOngoing(now, T + HOUR)).toBe(false)
  })
})
