import type { RequestRow, RequestsAnswer } from '@stellarr/http/wire'
import { beforeEach, describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import { NO_FILTER, type RequestFilter } from '../src/logic/filter-requests.ts'
import { createHousehold } from '../src/state/household.ts'
import { createRequestsList } from '../src/state/requests-list.ts'
import { stubLocalStorage } from './browser-storage.ts'
import { aRow, aStatus, refusal } from './rows.ts'

beforeEach(() => {
  stubLocalStorage()
})

/** A list over a server that has so many movies, the newest first. */
function openList(count: number) {
  const server = { rows: Array.from({ length: count }, (_, n) => aRow(count - n)), down: false }
  const asked: Record<string, string>[] = []
  const api = {
    async requests(wanted: Record<string, string>): Promise<RequestsAnswer> {
      asked.push(wanted)
      if (server.down) throw refusal(503, 'storage_unavailable')
      const fitting = server.rows.filter((row) => wanted.status === undefined || row.status === wanted.status)
      const from = wanted.cursor === undefined ? 0 : fitting.findIndex((row) => row.tmdb_id < Number(wanted.cursor))
      const requests = fitting.slice(from, from + Number(wanted.limit ?? 100))
      const last = requests.at(-1)
      const next = last && last !== fitting.at(-1) ? String(last.tmdb_id) : null
      return {
        requests,
        next,
        counts: { needs_you: 0, on_its_way: 0, requested: fitting.length, recent: 0, earlier: 0 },
      }
    },
    libraryStatus: async (keys: readonly string[]) => ({
      tag: 'r1',
      status: aStatus(server.rows.filter((row) => keys.includes(`movie/${row.tmdb_id}`))),
    }),
  }
  const household = createHousehold({ api })
  const filter = shallowRef<RequestFilter>(NO_FILTER)
  const open = () => createRequestsList({ api, household, filter, me: () => 'Ann' })
  return { server, asked, household, filter, open, list: open() }
}
const ids = (rows: readonly RequestRow[]) => rows.map((row) => row.tmdb_id)

describe('the list of requests', () => {
  it('comes a page at a time, and each row once', async () => {
    const { list, server } = openList(250)
    await list.read()
    expect([list.fitting.value.length, list.total.value, list.hasMore.value]).toEqual([100, 250, true])
    server.rows = [aRow(251), ...server.rows]
    expect(await list.more()).toHaveLength(100)
    await list.more()
    expect(ids(list.fitting.value)).toEqual(Array.from({ length: 250 }, (_, n) => 250 - n))
    expect(list.hasMore.value).toBe(false)
    expect(await list.more()).toEqual([])
  })

  it('is read again as far as it is shown, and keeps what no longer fits, as it is now', async () => {
    const { list, server, filter, asked } = openList(150)
    filter.value = { ...NO_FILTER, status: 'pending' }
    await list.read()
    await list.more()
    server.rows = server.rows.map((row) => (row.tmdb_id === 150 ? { ...row, status: 'available' as const } : row))
    await list.renew()
    expect(asked.at(-1)).toEqual({ sort: 'newest', status: 'pending', limit: '150' })
    expect(ids(list.fitting.value)).not.toContain(150)
    expect(list.all.value.find((row) => row.tmdb_id === 150)?.status).toBe('available')
    await list.read()
    expect(ids(list.all.value)).not.toContain(150)
  })

  it('shows a change of one’s own before and after the server has confirmed it', async () => {
    const { list, household } = openList(2)
    await list.read()
    household.pretend('movie', 9, aRow(9))
    household.pretend('movie', 1, undefined)
    expect(ids(list.all.value)).toEqual([9, 2])
    household.settle('movie', 9, aRow(9))
    household.settle('movie', 1, undefined)
    expect(ids(list.all.value)).toEqual([9, 2])
    household.pretend('movie', 2, undefined)
    household.revert('movie', 2)
    expect(ids(list.all.value)).toEqual([9, 2])
  })

  it('stays when it cannot be read again, and is there at the next start', async () => {
    const { list, server, open, household } = openList(3)
    localStorage.setItem('stellarr.session', '{}')
    await list.read()
    server.down = true
    await list.renew()
    expect(ids(list.all.value)).toEqual([3, 2, 1])
    await list.read()
    expect([ids(list.all.value), list.state.error]).toEqual([[3, 2, 1], expect.objectContaining({ status: 503 })])
    const next = open()
    expect(next.state.isRead).toBe(false)
    next.restore()
    expect(ids(next.all.value)).toEqual([3, 2, 1])
    expect(household.state.error).toBeUndefined()
  })
})
