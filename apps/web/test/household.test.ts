import type { RequestRow } from '@stellarr/http/wire'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { TaggedStatus } from '../src/api/client.ts'
import { createArrivals } from '../src/state/arrivals.ts'
import { createHousehold } from '../src/state/household.ts'
import { forgetSeen, loadSeen, saveSeen } from '../src/state/last-seen.ts'
import { stubLocalStorage } from './browser-storage.ts'
import { aRow, aStatus, byHand, refusal } from './rows.ts'

beforeEach(() => {
  stubLocalStorage()
})

function openHousehold(answers: (TaggedStatus | undefined | Error)[]) {
  const asked: (string | undefined)[] = []
  const askedOf: (readonly string[])[] = []
  const api = {
    async libraryStatus(keys: readonly string[], known?: string) {
      if (keys.length > 0) askedOf.push(keys)
      asked.push(known)
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  return { household: createHousehold({ api }), asked, askedOf }
}

describe('what the household has', () => {
  it('is read with its tag, and stays when nothing changed', async () => {
    const { household, asked } = openHousehold([{ tag: 'r1', status: aStatus([aRow(2), aRow(1)], [7]) }, undefined])
    await household.refresh()
    await household.refresh()
    expect(asked).toEqual([undefined, 'r1'])
    expect(household.rows.value.map((row) => row.tmdb_id)).toEqual([2, 1])
    expect(household.inLibrary('movie', 7)).toBe(true)
  })

  it('is there again at the next start, without a network', async () => {
    const first = openHousehold([{ tag: 'r1', status: aStatus([aRow(1)]) }])
    await first.household.refresh()
    const second = openHousehold([refusal(0, 'offline')])
    second.household.restore()
    await second.household.refresh()
    expect(second.household.rows.value).toEqual([aRow(1)])
    expect(second.household.state.error).toMatchObject({ code: 'offline' })
    expect(second.household.readAt.value).toBeGreaterThan(0)
  })

  it('does not show what an older version of the app has kept', () => {
    const { progress: _, ...row } = aRow(1)
    for (const status of [{ ...aStatus([]), requests: [row] }, {}, null]) {
      saveSeen('household', { at: 1, tag: 'r1', keys: [], status })
      const { household } = openHousehold([])
      household.restore()
      expect(household.rows.value).toEqual([])
      expect(household.readAt.value).toBeUndefined()
    }
  })

  it('shows changes before they are confirmed, in front, and takes them back', async () => {
    const { household } = openHousehold([{ tag: 'r1', status: aStatus([aRow(2), aRow(1)]) }])
    await household.refresh()
    household.pretend('movie', 3, aRow(3))
    household.pretend('movie', 1, undefined)
    expect(household.rows.value.map((row) => row.tmdb_id)).toEqual([3, 2])
    expect(household.rowOf('movie', 1)).toBeUndefined()
    household.revert('movie', 1)
    household.settle('movie', 3, aRow(3, { imdb_id: 'tt0000003' }))
    expect(household.rows.value.map((row) => row.tmdb_id)).toEqual([3, 2, 1])
    household.settle('movie', 2, undefined)
    expect(household.rows.value.map((row) => row.tmdb_id)).toEqual([3, 1])
  })

  it('keeps what is under way over an answer that was older', async () => {
    const { household } = openHousehold([{ tag: 'r1', status: aStatus([]) }])
    household.pretend('movie', 3, aRow(3))
    await household.refresh()
    expect(household.rowOf('movie', 3)).toEqual(aRow(3))
  })

  it('reads again when an answer may be older than a change of its own', async () => {
    const older = byHand<TaggedStatus>()
    const answers = [older.promise, Promise.resolve({ tag: 'r2', status: aStatus([aRow(3), aRow(1)]) })]
    const household = createHousehold({ api: { libraryStatus: async () => answers.shift() } })
    const reading = household.refresh()
    household.settle('movie', 3, aRow(3))
    older.resolve({ tag: 'r1', status: aStatus([aRow(1)]) })
    await reading
    expect(household.rows.value.map((row) => row.tmdb_id)).toEqual([3, 1])
    expect(answers).toEqual([])
  })

  it('asks for everything again after a change of its own', async () => {
    const { household, asked } = openHousehold([
      { tag: 'r1', status: aStatus([]) },
      { tag: 'r2', status: aStatus([]) },
    ])
    await household.refresh()
    household.settle('movie', 1, aRow(1))
    await household.refresh()
    expect(asked).toEqual([undefined, undefined])
  })

  it.each([
    [undefined, undefined],
    [aRow(1), 'requested'],
    [aRow(1, { status: 'downloading' }), 'on_its_way'],
    [aRow(1, { status: 'partly_available' }), 'partly_available'],
    [aRow(1, { status: 'available' }), 'available'],
    [aRow(1, { status: 'gone' }), undefined],
  ])('gives a title its badge: %#', async (row, badge) => {
    const { household } = openHousehold([{ tag: 'r1', status: aStatus(row ? [row] : [], [9]) }])
    await household.refresh()
    expect(household.stateOf('movie', 1)).toBe(badge)
    expect(household.stateOf('movie', 9)).toBe('available')
  })

  it.each([
    [undefined, 'available'],
    ['pending', 'requested'],
    ['partly_available', 'partly_available'],
    ['gone', undefined],
  ] as const)(
    'gives a series of which the library has something the badge of its request: %s',
    async (status, badge) => {
      const rows = status ? [aRow(1, { media_type: 'tv', status })] : []
      const { household } = openHousehold([{ tag: 'r1', status: { library: { movie: [], tv: [1] }, requests: rows } }])
      await household.refresh()
      expect(household.stateOf('tv', 1)).toBe(badge)
    },
  )

  it('never shows one person what was read for another', async () => {
    const { household } = openHousehold([{ tag: 'r1', status: aStatus([aRow(1)]) }])
    const reading = household.refresh()
    household.clear()
    await reading
    expect(household.rows.value).toEqual([])
  })

  it('is forgotten with the session', async () => {
    const { household } = openHousehold([{ tag: 'r1', status: aStatus([aRow(1)], [2]) }])
    await household.refresh()
    household.clear()
    forgetSeen()
    expect(household.rows.value).toEqual([])
    expect(household.inLibrary('movie', 2)).toBe(false)
    household.restore()
    expect(household.rows.value).toEqual([])
  })
})

describe('titles that are shown', () => {
  it('are asked about at once, by themselves, and again at every look', async () => {
    const status = (rows: RequestRow[], movies: number[] = []) => ({ tag: 'r1', status: aStatus(rows, movies) })
    const { household, asked, askedOf } = openHousehold([
      status([aRow(9)]),
      status([aRow(1), aRow(9)], [2]),
      status([aRow(1, { status: 'available' })], [2]),
    ])
    await household.refresh()
    expect(household.rowOf('movie', 1)).toBeUndefined()
    expect(household.stateOf('movie', 2)).toBeUndefined()
    await vi.waitFor(() => expect(household.stateOf('movie', 2)).toBe('available'))
    expect(household.rowOf('movie', 1)).toEqual(aRow(1))
    expect(household.rows.value.map((row) => row.tmdb_id)).toEqual([1, 9])
    await household.refresh()
    expect(household.rowOf('movie', 1)?.status).toBe('available')
    expect(askedOf).toEqual([
      ['movie/1', 'movie/2'],
      ['movie/2', 'movie/1'],
    ])
    expect(asked).toEqual([undefined, undefined, 'r1'])
  })

  it('are asked about three hundred at most, those that were shown last', async () => {
    const { household, askedOf } = openHousehold([])
    for (let id = 1; id <= 350; id += 1) household.rowOf('movie', id)
    await vi.waitFor(() => expect(askedOf).toHaveLength(2))
    await household.refresh()
    expect(askedOf.map((keys) => keys.length)).toEqual([300, 50, 300])
    expect(askedOf.at(-1)?.[0]).toBe('movie/51')
  })
})

describe('what was last seen', () => {
  const isText = (value: unknown): value is string => typeof value === 'string'

  it('goes as a whole, leaves other entries alone, and is not kept where there is no room', () => {
    localStorage.setItem('stellarr.theme', 'dark')
    saveSeen('one', 'here')
    expect(loadSeen('one', isText)).toBe('here')
    expect(loadSeen('one', (value): value is number => typeof value === 'number')).toBeUndefined()
    forgetSeen()
    expect(loadSeen('one', isText)).toBeUndefined()
    expect(localStorage.getItem('stellarr.theme')).toBe('dark')
    localStorage.removeItem('stellarr.session')
    saveSeen('late', 'after sign-out')
    expect(loadSeen('late', isText)).toBeUndefined()
    stubLocalStorage(3)
    saveSeen('two', 'too long')
    expect(loadSeen('two', isText)).toBeUndefined()
  })
})

describe('what has changed elsewhere', () => {
  it('is told from the second answer on, as it was and as it is, with what was changed here', async () => {
    const { household } = openHousehold([
      { tag: 'r1', status: aStatus([aRow(1)]) },
      undefined,
      { tag: 'r2', status: aStatus([aRow(2), aRow(1, { status: 'available' })]) },
    ])
    await household.refresh()
    await household.refresh()
    expect(household.change.value).toBeUndefined()
    household.settle('movie', 2, aRow(2))
    await household.refresh()
    const { before, after } = household.change.value ?? {}
    expect([...(before?.values() ?? [])]).toEqual([aRow(2), aRow(1)])
    expect([...(after?.values() ?? [])]).toEqual([aRow(2), aRow(1, { status: 'available' })])
    household.clear()
    expect(household.change.value).toBeUndefined()
  })

  it('is not what was another person’s, nor what was last seen on this device', async () => {
    const { household } = openHousehold([
      { tag: 'r1', status: aStatus([aRow(1)]) },
      { tag: 'r2', status: aStatus([aRow(1, { status: 'available' })]) },
    ])
    await household.refresh()
    household.clear()
    household.restore()
    await household.refresh()
    expect(household.change.value).toBeUndefined()
  })

  it('leaves what was kept alone when nothing has, but for the time it was read', async () => {
    const storage = stubLocalStorage()
    vi.useFakeTimers({ now: 1_000 })
    const { household } = openHousehold([{ tag: 'r1', status: aStatus([aRow(1)]) }, undefined])
    await household.refresh()
    const kept = storage.getItem('stellarr.seen.household')
    vi.setSystemTime(21_000)
    await household.refresh()
    vi.useRealTimers()
    expect(storage.getItem('stellarr.seen.household')).toBe(kept)
    const next = openHousehold([]).household
    next.restore()
    expect(next.readAt.value).toBe(21_000)
  })
})

describe('what becomes of one’s own requests', () => {
  const arrivalsOf = ({ household }: ReturnType<typeof openHousehold>) => createArrivals({ household, me: () => 'Ann' })

  it('is counted once it has arrived, since one looked', async () => {
    const later = new Date(Date.now() + 60_000).toISOString()
    const rows = [
      aRow(1, { added_at: later }),
      aRow(2, { added_at: later, requested_by: 'Bob' }),
      aRow(3, { added_at: '2020-01-01T00:00:00.000Z' }),
    ]
    const opened = openHousehold([{ tag: 'r1', status: aStatus(rows) }])
    await opened.household.refresh()
    const arrivals = arrivalsOf(opened)
    expect(arrivals.count.value).toBe(0)
    arrivals.look()
    expect(arrivals.count.value).toBe(1)
    arrivals.clear()
    expect(arrivals.count.value).toBe(0)
  })

  it('is news once, where one made or follows them and somebody else changed their status', async () => {
    const rows = (status: RequestRow['status']) => [
      aRow(1, { status }),
      aRow(2, { status, requested_by: 'Bob' }),
      aRow(3, { status, requested_by: 'Bob', followers: ['Cy', 'Ann'] }),
      aRow(4, { followers: status === 'pending' ? [] : ['Cy'] }),
    ]
    const opened = openHousehold([
      { tag: 'r1', status: aStatus(rows('pending')) },
      { tag: 'r2', status: aStatus(rows('downloading')) },
      { tag: 'r3', status: aStatus([...rows('downloading'), aRow(5)]) },
      { tag: 'r4', status: aStatus(rows('available')) },
      { tag: 'r5', status: aStatus(rows('available')) },
    ])
    const { news } = arrivalsOf(opened)
    const heard: string[][] = []
    for (let reads = 0; reads < 4; reads += 1) {
      await opened.household.refresh()
      await nextTick()
      heard.push(news.value.map((row) => `${row.tmdb_id} ${row.status}`))
    }
    expect(heard).toEqual([[], ['1 downloading', '3 downloading'], [], ['1 available', '3 available']])
    // What one does oneself is said by a message of its own.
    opened.household.settle('movie', 1, aRow(1, { status: 'available' }))
    await opened.household.refresh()
    await nextTick()
    expect(news.value).toEqual([])
  })
})
