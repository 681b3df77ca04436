import { describe, expect, it } from 'vitest'
import {
  type ActivityEntry,
  type AddressFacts,
  addressChecks,
  type Check,
  checkUseCases,
  type DeploymentChecks,
  Fault,
  type FaultCode,
  type FeedReader,
  type FeedVersion,
  inGroups,
  programChecks,
  type Refusal,
  titleChecks,
} from '../src/index.ts'
import { firstFeedSettings } from '../src/routing/rules/index.ts'
import { fixedClock } from '../src/testing/index.ts'

const silent = () => undefined
const logger = { debug: silent, info: silent, warn: silent, error: silent }

const NOW = 1_790_000_000_000
const MINUTE = 60_000

const reader = (more: Partial<FeedReader & { silent: boolean }> = {}): FeedReader & { silent: boolean } => ({
  ...{ keyId: 'feed', app: 'Radarr', feed: 'radarr-program', profileId: undefined, rows: 3, oldKey: false },
  ...{ firstReadAt: NOW - 60 * MINUTE, lastReadAt: NOW - 10 * MINUTE, silent: false },
  ...more,
})
const refusal = (more: Partial<Refusal> = {}): Refusal => ({
  ...{ kind: 'wrong_key', place: 'radarr-list', address: '192.168.1.20', app: 'Radarr', count: 2 },
  ...{ firstAt: NOW - 5 * MINUTE, lastAt: NOW - 2 * MINUTE },
  ...more,
})
const entry = (more: Partial<ActivityEntry> = {}): ActivityEntry => ({
  ...{ id: '1', at: NOW - MINUTE, source: 'sonarr', name: 'Download', title: '', detail: '', outcome: 'matched' },
  ...more,
})
const programs = (facts: Partial<Parameters<typeof programChecks>[0]>) =>
  programChecks({ readers: [], refusals: [], activity: [], ...facts })
const brief = (checks: readonly Check[], start: string) =>
  checks.filter(({ id }) => id.startsWith(start)).map(({ state, code }) => (code === undefined ? state : [state, code]))

describe('a program', () => {
  it('that nobody has connected is no problem', () => {
    const checks = programs({})
    expect(new Set(checks.map(({ state }) => state))).toEqual(new Set(['not_set_up']))
    expect(checks.map(({ id }) => id)).toEqual([
      ...['radarr-list', 'radarr-messages', 'sonarr-list', 'sonarr-messages'],
      ...['plex-messages', 'jellyfin-messages', 'emby-messages'],
    ])
  })

  it('reads each of its lists by itself', () => {
    const readers = [reader(), reader({ app: 'other', feed: 'sonarr' }), reader({ feed: 'rss-all', silent: true })]
    const checks = programs({ readers })
    expect(brief(checks, 'radarr-list')).toEqual(['works', ['problem', 'reader_silent']])
    expect(brief(checks, 'sonarr-list')).toEqual(['works'])
    expect(brief(programs({ readers: [reader({ oldKey: true })] }), 'radarr-list')).toEqual([['works', 'old_key']])
  })

  it('that was refused is a problem until it has read again', () => {
    expect(brief(programs({ refusals: [refusal()] }), 'radarr-list')).toEqual([['problem', 'wrong_key']])
    expect(brief(programs({ refusals: [refusal()], readers: [reader()] }), 'radarr-list')).toEqual([
      ['problem', 'wrong_key'],
      'works',
    ])
    const again = reader({ lastReadAt: NOW - MINUTE })
    expect(brief(programs({ refusals: [refusal()], readers: [again] }), 'radarr-list')).toEqual(['works'])
  })

  it('is the one that asked, not the one whose address it asked for, and a stranger is none', () => {
    const lost = programs({ refusals: [refusal({ kind: 'wrong_app', app: 'Sonarr' })] })
    expect(brief(lost, 'sonarr-list')).toEqual([['problem', 'wrong_app']])
    expect(brief(lost, 'radarr-list')).toEqual([['not_set_up', 'nobody_reads']])
    const stranger = programs({ refusals: [refusal({ app: 'other' })] })
    expect(brief(stranger, 'radarr-list')).toEqual([['not_set_up', 'nobody_reads']])
  })

  it('is heard by its messages, the last of which tells', () => {
    const bad = entry({ outcome: 'stray' })
    const good = entry({ at: NOW - 3 * MINUTE })
    expect(brief(programs({ activity: [good] }), 'sonarr-messages')).toEqual(['works'])
    expect(brief(programs({ activity: [bad, good] }), 'sonarr-messages')).toEqual([['problem', 'wrong_app']])
    expect(brief(programs({ activity: [{ ...good, at: NOW }, bad] }), 'sonarr-messages')).toEqual(['works'])
    const refused = refusal({ kind: 'wrong_token', place: 'webhook/sonarr' })
    expect(brief(programs({ activity: [good], refusals: [refused] }), 'sonarr-messages')).toEqual([
      ['problem', 'wrong_token'],
    ])
    const agent = programs({ refusals: [refusal({ place: 'sync', app: 'library-agent' })] })
    expect(brief(agent, 'library-sync')).toEqual([['problem', 'wrong_key']])
    const taken = programs({ refusals: [refusal({ place: 'sync', kind: 'not_marked' })] })
    expect(brief(taken, 'library-sync')).toEqual([['works', 'not_marked']])
  })
})

describe('a key of titles', () => {
  it('that is refused is told from a service that does not answer', () => {
    const checks = titleChecks([
      { service: 'tmdb', source: 'app', state: 'refused' },
      { service: 'tvdb', source: 'environment', state: 'unreachable' },
      { service: 'tvdb', source: 'none' },
      { service: 'tmdb', source: 'environment', state: 'works' },
      { service: 'tmdb', source: 'environment' },
    ])
    expect(brief(checks, 't')).toEqual([
      ['problem', 'tmdb_key_refused'],
      ['problem', 'tvdb_unreachable'],
      ['not_set_up', 'no_key'],
      'works',
      ['not_set_up', 'not_asked'],
    ])
    expect(checks[0]?.nextStep).toContain('set it in the app.')
  })
})

describe('the address', () => {
  const facts: AddressFacts = { baseUrls: [], isSecure: false, isForwarded: false, trustedProxies: 0, untrusted: [] }
  const seen = (more: Partial<AddressFacts>) =>
    addressChecks({ ...facts, ...more }).map(({ state, code }) => (code === undefined ? state : [state, code]))

  it('is as others reach it', () => {
    expect(seen({})).toEqual([
      ['not_set_up', 'only_localhost'],
      ['not_set_up', 'plain_http'],
      ['off', 'no_proxy'],
    ])
    expect(seen({ host: 'nas:8080' })[0]).toBe('works')
    const baseUrls = ['https://stellarr.example.org']
    expect(seen({ baseUrls, host: 'stellarr.example.org', trustedProxies: 1 })).toEqual(['works', 'works', 'works'])
    expect(seen({ baseUrls, host: 'nas:8080' })[0]).toEqual(['problem', 'address_differs'])
    expect(seen({ baseUrls, host: 'stellarr:8080', isForwarded: true })[0]).toEqual(['works', 'host_not_passed'])
    expect(seen({ untrusted: ['172.18.0.2'] })[2]).toEqual(['problem', 'proxy_not_trusted'])
  })
})

describe('all checks', () => {
  const version: FeedVersion = {
    ...{ text: '1', revision: 1, at: NOW, day: 1 },
    settings: { ...firstFeedSettings(), read: ['radarr', 'rss-all', 'sonarr'] },
  }
  const body = (parts: string[], rows: number, type: 'json' | 'xml' = 'json') => ({
    type:
      type === 'json' ? ('application/json; charset=utf-8' as const) : ('application/rss+xml; charset=utf-8' as const),
    parts,
    rows,
  })
  const own: DeploymentChecks = {
    ...{ baseUrls: [], pushSubject: 'mailto:you@example.org' },
    titleKeys: async () => [],
    others: async () => [],
  }
  const throws = (code: FaultCode) => () => Promise.reject(new Fault(code, 'It is so.'))

  function useCases(more: Partial<Parameters<typeof checkUseCases>[0]> = {}) {
    const clock = fixedClock()
    const asked = { revisions: 0, lists: 0 }
    const bodies = {
      radarr: body(['[{"id":1},{"id":2}', ',{"id":3}', ']'], 3),
      'rss-all': body(['<rss>', '\n<item><title>A</title><guid>x</guid></item>', '\n</rss>'], 2, 'xml'),
      sonarr: body(['[{"id":1', ']'], 1),
    }
    const deps = {
      revision: {
        async current() {
          asked.revisions += 1
          return 7
        },
      },
      activity: { recent: async () => [] },
      outbox: { due: async () => [] },
      guard: { isNoted: () => true },
      feeds: {
        feedVersion: async () => version,
        async tryFeed({ feed }: { feed: string }) {
          asked.lists += 1
          return bodies[feed as keyof typeof bodies]
        },
      },
      readers: { feedReaders: async () => [] },
      refusals: { recentRefusals: async () => [] },
      clock,
      logger,
      ...more,
    }
    return { ...checkUseCases(deps), clock, asked }
  }

  it('read each list as its clients do, once a version', async () => {
    const { checks, asked } = useCases()
    const rows = await checks(own)
    expect(brief(rows, 'list')).toEqual([
      'works',
      'works',
      ['problem', 'list_unreadable'],
      ['problem', 'list_unreadable'],
    ])
    await checks(own)
    // The one that reads is not read again.
    expect(asked.lists).toBe(5)
  })

  it('say what closes the lists', async () => {
    for (const code of ['store_older', 'import_running', 'store_checking'] as const) {
      const { checks } = useCases({ feeds: { feedVersion: throws(code), tryFeed: throws(code) } })
      expect(brief(await checks(own), 'list')).toEqual([['problem', code]])
    }
  })

  it('are answered where nothing can be read', async () => {
    const fails = throws('storage_unavailable')
    const { checks } = useCases({
      revision: { current: fails },
      activity: { recent: fails },
      outbox: { due: fails },
      feeds: { feedVersion: fails, tryFeed: fails },
      refusals: { recentRefusals: () => Promise.reject(new Error('a bug')) },
    })
    const rows = await checks(own)
    expect(brief(rows, 'store')).toEqual([['problem', 'storage_unavailable']])
    expect(rows.map(({ state }) => state)).toEqual(['problem', 'problem', 'problem', 'problem'])
    expect(rows).toEqual(inGroups(rows))
  })

  it('know push messages that nobody takes, and a note that cannot be written', async () => {
    const waiting = { id: '1', endpoint: '', body: '', tries: 9, dueAt: 0 }
    const { checks } = useCases({ outbox: { due: async () => [waiting] }, guard: { isNoted: () => false } })
    const rows = await checks(own)
    expect(brief(rows, 'push')).toEqual([['problem', 'push_not_taken']])
    expect(brief(rows, 'witness')).toEqual([['problem', 'not_noted']])
  })

  it('look whether the store is ready once in five seconds, however many ask', async () => {
    const { ready, clock, asked } = useCases()
    expect(await Promise.all([ready(), ready()])).toEqual([{ feeds: 'open' }, { feeds: 'open' }])
    clock.advance(4_999)
    await ready()
    expect(asked.revisions).toBe(1)
    clock.advance(1)
    await ready()
    expect(asked.revisions).toBe(2)
  })

  it('call a store with closed lists ready, and none that cannot be read', async () => {
    const ready = (feedVersion: () => Promise<FeedVersion>) =>
      useCases({ feeds: { feedVersion, tryFeed: throws('feed_emptied') } }).ready()
    expect(await ready(throws('store_new'))).toEqual({ feeds: 'closed' })
    expect(await ready(throws('storage_corrupt'))).toEqual({ feeds: 'closed' })
    await expect(ready(throws('storage_unavailable'))).rejects.toThrow(Fault)
    const unreadable = useCases({ revision: { current: throws('storage_corrupt') } })
    await expect(unreadable.ready()).rejects.toThrow(Fault)
  })
})
