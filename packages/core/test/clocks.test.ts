import { describe, expect, it } from 'vitest'
import { type MediaEvent, seeTime } from '../src/index.ts'
import { isAlive, LONGEST_PAUSE_MS, MAX_TRIES, SESSION_MS, SYNC_LIFE_MS } from '../src/rules.ts'
import { aLibraryItem, aMovieRequest, memoryStorage } from '../src/testing/index.ts'
import { openHouse } from './house.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const movie = { mediaType: 'movie', tmdbId: 603 } as const
const radarr = (kind: MediaEvent['kind'], tmdbId = 603): MediaEvent => ({
  ...{ source: 'radarr', name: 'x', kind, mediaType: 'movie', ids: { tmdbId } },
})
const device = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' }, language: 'en' as const }

/** A house whose clock is three days ahead, and one whose clock has been set right again. */
function openAhead() {
  const house = openHouse()
  const set = (days: number) => {
    house.clock.advance(days * DAY)
    house.jumped += days * DAY
  }
  house.clock.advance(HOUR)
  set(3)
  const tell = (kind: MediaEvent['kind'], tmdbId?: number) =>
    house.useCases.receiveEvent('radarr', { kind: 'event', event: radarr(kind, tmdbId) }, 'x')
  return { ...house, house, tell, setRight: () => set(-3) }
}

type House = ReturnType<typeof openAhead>

/** Every place that compares with a stored time: what was stored by a clock that was three days ahead, and what happens. */
const PLACES: readonly [place: string, happens: string, test: (house: House) => Promise<void>][] = [
  [
    'what senders told of a request',
    'a delete that is told later wins, whoever told of the arrival',
    async ({ memory, tell, setRight, useCases }) => {
      await memory.requests.add(aMovieRequest())
      await tell('arrived')
      const plex: MediaEvent = { ...radarr('arrived'), source: 'plex' }
      await useCases.receiveEvent('plex', { kind: 'event', event: plex }, 'x')
      setRight()
      await tell('gone')
      expect((await memory.requests.find(movie))?.status).toBe('gone')
      await tell('arrived')
      expect((await memory.requests.find(movie))?.status).toBe('available')
    },
  ],
  [
    'when a source first had a title',
    'a sync brings back nothing that was deleted since',
    async ({ memory, tell, setRight, useCases }) => {
      await memory.requests.add(aMovieRequest())
      const sync = () => useCases.syncLibrary('movie', [aLibraryItem()], { clear: true, confirm: true })
      await sync()
      setRight()
      await tell('gone')
      await sync()
      expect((await memory.requests.find(movie))?.status).toBe('gone')
    },
  ],
  [
    'failed sign-ins',
    'the next try is judged at once',
    async ({ house, memory, setRight }) => {
      const begin = () => memory.signInAttempts.begin('192.0.2.1', house.clock.now(), MAX_TRIES)
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const turn = await begin()
        if (turn.kind === 'begun') await memory.signInAttempts.end('192.0.2.1', turn.id, 'wrong')
      }
      expect((await begin()).kind).toBe('limited')
      setRight()
      expect((await begin()).kind).toBe('begun')
    },
  ],
  [
    'a session',
    'it is nobody’s until then, and lives no longer than others',
    async ({ house, setRight }) => {
      const issuedAt = house.clock.now()
      setRight()
      expect(isAlive(issuedAt, house.clock.now(), SESSION_MS)).toBe(false)
      expect(isAlive(issuedAt, issuedAt, SESSION_MS)).toBe(true)
      expect(isAlive(issuedAt, issuedAt + SESSION_MS + 1, SESSION_MS)).toBe(false)
    },
  ],
  [
    'a push message that waits',
    'it is due at once',
    async ({ house, memory, setRight, useCases }) => {
      house.pushOutcome = 'failed'
      await useCases.subscribe('Ann', device)
      await useCases.tryPush('Ann', device.endpoint)
      expect(await memory.outbox.due(house.clock.now() + LONGEST_PAUSE_MS, 9)).toHaveLength(1)
      setRight()
      house.pushOutcome = 'sent'
      expect(await useCases.drainOutbox()).toBe(1)
    },
  ],
  [
    'Activity',
    'it is not shown, and takes nobody’s place',
    async ({ tell, setRight, useCases }) => {
      for (let n = 0; n < 500; n += 1) await tell('arrived')
      setRight()
      await tell('picked_up')
      await useCases.settle(1_000)
      expect((await useCases.recentActivity(500)).map(({ outcome }) => outcome)).toEqual(['unmatched'])
    },
  ],
  [
    'what was refused',
    'it counts as refused now, and what is refused from now on is written',
    async ({ house, memory, setRight, useCases }) => {
      const refused = { kind: 'wrong_key', place: 'list', address: '192.0.2.1', app: 'Radarr' } as const
      useCases.noteRefusal(refused)
      await useCases.settle(1_000)
      setRight()
      expect(await useCases.recentRefusals()).toMatchObject([{ lastAt: house.clock.now() }])
      useCases.noteRefusal({ ...refused, address: '192.0.2.2' })
      await useCases.settle(1_000)
      house.clock.advance(DAY + 1)
      expect(await useCases.recentRefusals()).toEqual([])
      expect(await memory.settings.get('refusals')).toContain('192.0.2.2')
    },
  ],
  [
    'the readers of lists',
    'a read is noted, and a silence is seen a day after it is due',
    async ({ house, setRight, useCases }) => {
      const read = () =>
        useCases.noteRead({ feed: 'radarr-program', keyId: 'feed', app: 'Radarr', rows: 1, oldKey: false })
      read()
      setRight()
      for (let n = 0; n < 3; n += 1) {
        read()
        await useCases.settle(1_000)
        house.clock.advance(6 * HOUR)
      }
      house.clock.advance(2 * DAY)
      expect(await useCases.feedReaders()).toMatchObject([{ silent: true }])
    },
  ],
  [
    'deletions within an hour',
    'what the admin was asked then takes in an hour of them, not three days',
    async ({ house, memory, tell, setRight, useCases }) => {
      for (let tmdbId = 1; tmdbId <= 12; tmdbId += 1) await memory.requests.add(aMovieRequest({ tmdbId }))
      const read = async () => useCases.readFeed({ feed: 'radarr-program' }, await useCases.feedVersion())
      await read()
      const client = { id: 'a.t', tokens: ['t'] }
      const remove = (tmdbId: number) =>
        useCases.receiveEvent('radarr', { kind: 'event', event: radarr('gone', tmdbId) }, 'x', client)
      for (let n = 1; n <= 5; n += 1) await remove(n)
      expect(await useCases.deletionQuestions()).toMatchObject([{ requests: { length: 5 } }])
      await tell('picked_up')
      setRight()
      await remove(6)
      house.clock.advance(HOUR + 1)
      await remove(7)
      expect(await memory.requests.find({ mediaType: 'movie', tmdbId: 6 })).toMatchObject({ kept: 'many_deletions' })
      expect(await memory.requests.find({ mediaType: 'movie', tmdbId: 7 })).not.toHaveProperty('kept')
    },
  ],
  [
    'a library sync',
    'it has died: the library is sent anew',
    async ({ memory, setRight, useCases }) => {
      const sync = await useCases.beginSync('plex', 'movie')
      setRight()
      expect(await memory.library.findSync(sync)).toBeUndefined()
      const next = await useCases.beginSync('plex', 'movie')
      expect(await memory.library.findSync(next)).toBeDefined()
      expect(SYNC_LIFE_MS).toBe(HOUR)
    },
  ],
  [
    'keys of readers',
    'those that were read are believed ten seconds, and a new one opens at once',
    async ({ setRight, useCases }) => {
      const made = await useCases.makeReaderKey({ name: 'Radarr' })
      const token = made.kind === 'made' ? made.token : ''
      expect(await useCases.readerOfKey(token)).toBeDefined()
      setRight()
      const again = await useCases.makeReaderKey({ replaces: made.kind === 'made' ? made.reader.id : '' })
      expect(await useCases.readerOfKey(token)).toMatchObject({ old: true })
      expect(await useCases.readerOfKey(again.kind === 'made' ? again.token : '')).toMatchObject({ old: false })
    },
  ],
]

describe('what a clock that was three days ahead has stored', () => {
  it.each(PLACES)('as the time of %s: %s', async (_place, _happens, test) => test(openAhead()))
})

describe('retention', () => {
  const arrived = (tmdbId: number, at: number) =>
    aMovieRequest({
      ...{ tmdbId, status: 'available', statusAt: at, addedAt: at, createdAt: at },
      statements: (['plex', 'radarr'] as const).map((source) => ({ status: 'available', source, at })),
    })

  /** Titles that arrived twelve hours, two days and nine days ago, kept for seven days. */
  async function openKeeping(elapsed = true) {
    const house = openHouse()
    if (!elapsed) delete house.deployment.elapsed
    const { createUseCases } = await import('../src/index.ts')
    let useCases = createUseCases(house.deployment)
    const now = house.clock.now()
    const ages = [0.5, 2, 9].map((days) => now - days * DAY)
    for (const [n, at] of ages.entries()) await house.memory.requests.add(arrived(n + 1, at))
    await useCases.changeFeedSettings({ keepArrivedDays: 7 })
    const rows = async () => {
      const { rows: count } = await useCases.readFeed({ feed: 'radarr-program' }, await useCases.feedVersion())
      await useCases.settle(1_000)
      return count
    }
    expect(await rows()).toBe(2)
    return {
      ...{ house, rows },
      /** The clock is set, while no time passes. */
      jump(ms: number) {
        house.clock.advance(ms)
        house.jumped += ms
      },
      async pass(ms: number) {
        for (let left = ms; left > 0; left -= HOUR) {
          house.clock.advance(Math.min(left, HOUR))
          await rows()
        }
      },
      async restart() {
        await useCases.noteTime()
        useCases = createUseCases(house.deployment)
      },
    }
  }

  it.each([true, false])(
    'drops nothing for a clock that jumps ahead, until a day has passed (tells what passed: %s)',
    async (tells) => {
      const { rows, jump, pass } = await openKeeping(tells)
      jump(30 * DAY)
      expect(await rows()).toBe(2)
      await pass(23 * HOUR)
      expect(await rows()).toBe(2)
      await pass(2 * HOUR)
      expect(await rows()).toBe(1)
    },
  )

  it('drops nothing for a jump that is taken back, nor for one before a restart or while it was off', async () => {
    const { rows, jump, pass, restart } = await openKeeping()
    jump(30 * DAY)
    expect(await rows()).toBe(2)
    jump(-30 * DAY)
    await pass(25 * HOUR)
    expect(await rows()).toBe(2)
    jump(-20_000 * DAY)
    expect(await rows()).toBe(3)
    jump(20_000 * DAY)
    expect(await rows()).toBe(2)
    await restart()
    jump(30 * DAY)
    expect(await rows()).toBe(2)
    await restart()
    expect(await rows()).toBe(2)
    await pass(25 * HOUR)
    expect(await rows()).toBe(1)
  })

  it('goes on as time passes, an hour at a time or a day between two reads', async () => {
    for (const tells of [true, false]) {
      const { house, rows } = await openKeeping(tells)
      for (let day = 1; day <= 5; day += 1) {
        house.clock.advance(DAY)
        await rows()
      }
      expect(await rows()).toBe(1)
    }
  })

  it('counts what passes after a jump, however often the clock jumps', () => {
    let seen = seeTime(undefined, 0, { least: 0, most: 0 })
    // A machine that sleeps eight hours of each day: sixteen are told.
    for (let day = 0; day < 30; day += 1) {
      for (let hour = 1; hour <= 16; hour += 1) seen = seeTime(seen, seen.at + HOUR, { least: HOUR, most: HOUR })
      seen = seeTime(seen, seen.at + 8 * HOUR, { least: 0, most: 0 })
    }
    expect(seen.trusted).toBeGreaterThan(29 * 16 * HOUR)
    expect(seen.trusted).toBeLessThanOrEqual(seen.at)
  })

  it('is noted half-hourly at most, by whoever reads a list, and changes no list', async () => {
    const { house, rows, pass } = await openKeeping()
    const before = await house.memory.settings.get('feeds')
    await rows()
    expect(await house.memory.settings.get('feeds')).toBe(before)
    const version = (await house.useCases.feedVersion()).text
    house.clock.advance(HOUR)
    await rows()
    expect(await house.memory.settings.get('feeds')).not.toBe(before)
    expect((await house.useCases.feedVersion()).text).toBe(version)
    await pass(1)
    const other = memoryStorage({ clock: house.clock })
    expect(await other.settings.get('feeds')).toBeUndefined()
  })
})
