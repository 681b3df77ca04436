import type { PredecessorRow } from '@stellarr/core'
import { aLibraryItem, aMovieRequest, faultOf, fixedClock } from '@stellarr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdsForeignRows, openPredecessorTable, type PredecessorTable } from '../src/predecessor.ts'
import { type Engine, faultyTransport, putItem, startEngine } from '../src/testing/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

const where = (table: string) => ({
  table,
  endpoint: engine.endpoint,
  region: engine.region,
  credentials: engine.credentials,
})

const put = (table: string, item: Record<string, object>) => putItem(engine, table, item)
const key = (media_type: string, id: number) => ({ media_type: { S: media_type }, tmdb_id: { N: String(id) } })

async function allOf(predecessor: PredecessorTable): Promise<PredecessorRow[]> {
  const rows: PredecessorRow[] = []
  for await (const row of predecessor.rows()) rows.push(row)
  return rows
}

async function everything(table: string): Promise<PredecessorRow[]> {
  const predecessor = openPredecessorTable(where(table))
  try {
    return await allOf(predecessor)
  } finally {
    predecessor.close()
  }
}

describe('the predecessor’s table', () => {
  it('is read whole, library first, and what stays behind is counted', async () => {
    const table = await engine.freshTable()
    await put(table, { ...key('tv', 2), title: { S: 'B' }, tvdb_id: { N: '7' }, odd: { NULL: true }, list: { L: [] } })
    await put(table, { ...key('movie', 1), title: { S: 'A' }, rating: { N: '7.5' } })
    await put(table, { ...key('LIBRARY#tv', 9), synced_at: { S: '2024-01-01T00:00:00' } })
    await put(table, key('PUSH#Ann', 0))
    await put(table, key('PUSH#Bob', 0))
    await put(table, key('CONFIG', 0))
    expect(await everything(table)).toEqual([
      {
        kind: 'library',
        place: 'LIBRARY#tv / 9',
        fields: { media_type: 'tv', tmdb_id: 9, synced_at: '2024-01-01T00:00:00' },
      },
      { kind: 'request', place: 'movie / 1', fields: { media_type: 'movie', tmdb_id: 1, title: 'A', rating: 7.5 } },
      { kind: 'request', place: 'tv / 2', fields: { media_type: 'tv', tmdb_id: 2, title: 'B', tvdb_id: 7 } },
    ])
    const predecessor = openPredecessorTable(where(table))
    expect(await predecessor.others()).toEqual({ PUSH: 2, CONFIG: 1, STORE: 1 })
    predecessor.close()
  })

  it('is followed over pages, and a page that is no answer is no end', async () => {
    const table = await engine.freshTable()
    for (let n = 1; n <= 8; n += 1) await put(table, { ...key('movie', n), overview: { S: 'x'.repeat(350_000) } })
    let queries = 0
    const transport = faultyTransport(({ operation }) => {
      if (operation !== 'Query') return undefined
      queries += 1
      return queries === 4 ? { kind: 'changed', answer: (answer) => ({ ...answer, body: '{}' }) } : undefined
    })
    const predecessor = openPredecessorTable({ ...where(table), transport })
    const rows = await allOf(predecessor)
    predecessor.close()
    expect(rows.map((row) => row.fields.tmdb_id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(queries).toBeGreaterThan(6)
  })

  it('is never taken for ours, nor ours for it', async () => {
    const foreign = await engine.freshTable()
    expect(await holdsForeignRows(where(foreign))).toBe(false)
    await put(foreign, key('LIBRARY#tv', 2))
    expect(await holdsForeignRows(where(foreign))).toBe(true)
    const ours = await engine.freshTable()
    const store = await engine.openStorage(fixedClock(), { table: ours })
    await store.requests.add(aMovieRequest())
    await store.library.add('plex', [aLibraryItem()])
    await store.close()
    expect(await holdsForeignRows(where(ours))).toBe(false)
    expect(await faultOf(everything(ours))).toBe('wrong_store')
    expect(await faultOf(everything('no-such-table'))).toBe('storage_unavailable')
  })
})
