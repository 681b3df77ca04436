import { type MediaType, outlineOf } from '../index.ts'
import { aDevice, aFullRequest, aLibraryItem, aMovieRequest, aSeriesRequest } from './builders.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'
import { everyRow, inFifties } from './every-row.ts'

/** More rows than a page of an export holds. */
const MANY = 1_003
const ids = Array.from({ length: MANY }, (_, n) => n + 1)
/** In an order that neither the alphabet nor the order of arrival makes right. */
const KEYS: readonly [MediaType, number][] = [
  ['tv', 10],
  ['movie', 100],
  ['movie', 9],
  ['tv', 2],
  ['movie', 20],
  ['movie', 1_000],
]
const ORDERED = ['movie/9', 'movie/20', 'movie/100', 'movie/1000', 'tv/2', 'tv/10']
const nameOf = (row: { mediaType: MediaType; tmdbId: number }) => `${row.mediaType}/${row.tmdbId}`

/** Exports, which a move to another store depends on: they miss nothing, whatever happens meanwhile. */
export function describeMoving(test: ContractTest, equal: TestFunctions['equal']): void {
  test('exports requests in the order of their keys, ids as numbers', async ({ requests }) => {
    for (const [mediaType, tmdbId] of KEYS) {
      await requests.add(mediaType === 'tv' ? aSeriesRequest({ tmdbId }) : aMovieRequest({ tmdbId }))
    }
    const { rows } = await requests.exportAll()
    equal(rows.map(nameOf), ORDERED)
    equal(rows[0], aMovieRequest({ tmdbId: 9 }))
  })

  test('gives every request in outline, in the order of the export and by its cursors', async ({ requests }) => {
    for (const [mediaType, tmdbId] of KEYS) {
      await requests.add(mediaType === 'tv' ? aSeriesRequest({ tmdbId }) : aMovieRequest({ tmdbId }))
    }
    await requests.add(aFullRequest())
    const { rows } = await requests.exportAll()
    equal(await requests.outlines(), { rows: rows.map(outlineOf) })
    equal(rows.at(-1)?.kept, 'last_row')
  })

  test('exports the library in the order of its keys, ids as numbers', async ({ library }, clock) => {
    for (const source of ['plex', 'emby'] as const) {
      for (const [mediaType, tmdbId] of KEYS) await library.add(source, [aLibraryItem({ mediaType, tmdbId })])
    }
    const { rows } = await library.exportAll()
    equal(
      rows.map((row) => `${row.source}/${nameOf(row)}`),
      ['emby', 'plex'].flatMap((source) => ORDERED.map((name) => `${source}/${name}`)),
    )
    equal(rows[0], { ...aLibraryItem({ tmdbId: 9 }), source: 'emby', addedAt: clock.now() })
  })

  test('exports settings, Plex GUIDs and devices by name', async ({ settings, plexGuids, pushSubscriptions }) => {
    for (const name of ['b', 'a', 'c']) {
      await settings.set(name, `value of ${name}`)
      await plexGuids.save(name, { mediaType: 'tv', tmdbId: 5 })
      await pushSubscriptions.save(aDevice({ endpoint: name }))
    }
    equal(await settings.exportAll(), {
      rows: ['a', 'b', 'c'].map((name) => ({ name, value: `value of ${name}` })),
    })
    equal(await plexGuids.exportAll(), {
      rows: ['a', 'b', 'c'].map((guid) => ({ guid, mediaType: 'tv', tmdbId: 5 })),
    })
    equal(await pushSubscriptions.exportAll(), { rows: ['a', 'b', 'c'].map((endpoint) => aDevice({ endpoint })) })
  })

  test('exports many requests page by page, also when the row at the cursor goes', async ({ requests }) => {
    await inFifties(ids, (tmdbId) => requests.add(aMovieRequest({ tmdbId })))
    await requests.add(aSeriesRequest())
    const first = await requests.exportAll()
    equal([first.rows.length <= 1_000, typeof first.cursor], [true, 'string'])
    const last = first.rows.at(-1)
    equal(last && (await requests.remove(last)), true)
    const rest = await everyRow((cursor) => requests.exportAll(cursor), first.cursor)
    equal([...first.rows, ...rest].map(nameOf), [...ids.map((id) => `movie/${id}`), 'tv/1396'])
    const outlines = await everyRow((cursor) => requests.outlines(cursor), first.cursor)
    equal(outlines, rest.map(outlineOf))
    equal((await requests.list({ type: 'movie' })).length, MANY - 1)
  })

  test('exports a large library page by page, also when the row at the cursor goes', async ({ library }) => {
    await library.add(
      'plex',
      ids.map((tmdbId) => aLibraryItem({ tmdbId })),
    )
    await library.add('emby', [aLibraryItem({ tmdbId: 1 })])
    const first = await library.exportAll()
    equal([first.rows.length <= 1_000, typeof first.cursor], [true, 'string'])
    const last = first.rows.at(-1)
    equal(last && (await library.remove(last.source, last)), true)
    const rest = await everyRow((cursor) => library.exportAll(cursor), first.cursor)
    equal(
      [...first.rows, ...rest].map((row) => `${row.source}/${row.tmdbId}`),
      ['emby/1', ...ids.map((id) => `plex/${id}`)],
    )
  })

  test('exports many devices page by page, also when the row at the cursor goes', async ({ pushSubscriptions }) => {
    const endpoints = ids.map((id) => `https://push.example/${String(id).padStart(5, '0')}`)
    await inFifties(endpoints, (endpoint) => pushSubscriptions.save(aDevice({ endpoint })))
    const first = await pushSubscriptions.exportAll()
    equal([first.rows.length <= 1_000, typeof first.cursor], [true, 'string'])
    equal(await pushSubscriptions.remove(first.rows.at(-1)?.endpoint ?? ''), true)
    const rest = await everyRow((cursor) => pushSubscriptions.exportAll(cursor), first.cursor)
    equal(
      [...first.rows, ...rest].map((row) => row.endpoint),
      endpoints,
    )
  })

  test('exports many Plex GUIDs page by page', async ({ plexGuids }) => {
    const guids = ids.map((id) => `plex://movie/${String(id).padStart(5, '0')}`)
    await inFifties(guids, (guid) => plexGuids.save(guid, { mediaType: 'movie', tmdbId: 1 }))
    equal(
      (await everyRow((cursor) => plexGuids.exportAll(cursor))).map((row) => row.guid),
      guids,
    )
  })
}
