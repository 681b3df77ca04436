import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine } from '@stellarr/storage-dynamo/testing'
import { expect, it } from 'vitest'
import { openSqliteStorage } from '../packages/storage-sqlite/src/index.ts'
import { copyStoreFile } from '../packages/storage-sqlite/src/store-file.ts'
import { type Simulation, simulation, spread } from './simulation/run.ts'

/** What must hold after any run, whatever went wrong in it. */
function check(house: Simulation): void {
  const { clients, wishes, wrong, server, clientIdOf, views } = house
  const { radarrs, sonarrs } = house.all
  const { radarr, cleaningRadarr, sonarr, cleaningSonarr } = clients
  const all = [...wishes.values()]
  const wishOf = new Map(all.map((wish) => [`${wish.title.mediaType}/${clientIdOf(wish)}`, wish]))

  // No title was wrongly added.
  for (const { history } of radarrs) {
    const strangers = history.filter((movie) => {
      const wish = wishOf.get(`movie/${movie.tmdbId}`)
      return movie.guessed || !wish || movie.addedAt < wish.askedAt
    })
    expect(strangers).toEqual([])
  }
  for (const { library } of sonarrs) {
    const strangers = [...library.values()].filter((show) => {
      const wish = wishOf.get(`tv/${show.tvdbId}`)
      return !wish || show.addedAt < wish.askedAt
    })
    expect(strangers).toEqual([])
  }

  // No title that stayed listed was removed or unmonitored; and what left its lists was, so cleaning did work.
  expect(radarr.history.filter((movie) => movie.removedAt !== undefined || !movie.monitored)).toEqual([])
  expect([...sonarr.library.values()].filter((show) => !show.monitored)).toEqual([])
  const removed = radarrs.flatMap(({ history }) => history.filter((movie) => movie.removedAt !== undefined))
  expect(removed.filter((movie) => !wishOf.get(`movie/${movie.tmdbId}`)?.everLeft)).toEqual([])
  const unmonitored = sonarrs.flatMap(({ library }) => [...library.values()].filter((show) => !show.monitored))
  expect(unmonitored.filter((show) => !wishOf.get(`tv/${show.tvdbId}`)?.everLeft)).toEqual([])
  expect([removed.length > 0, unmonitored.length > 0]).toEqual([true, true])

  // No row left a list, whole or filtered, but by the rule, and none came back by itself.
  expect([...views.lost]).toEqual([])
  expect([...views.back]).toEqual([])
  // There were rows in every view, and titles in every mishap.
  expect([...views.most].filter(([, rows]) => rows === 0)).toEqual([])
  expect(Math.min(...house.concerned)).toBeGreaterThan(0)

  // What a client has read and nobody gave up, it has.
  for (const [type, some] of [
    ['movie', radarrs],
    ['tv', sonarrs],
  ] as const) {
    for (const { lists, library } of some) {
      const read = new Set(lists.flatMap((list) => [...list.firstSeen.keys()]))
      const missing = [...read].filter((id) => !library.has(id)).map((id) => wishOf.get(`${type}/${id}`))
      expect(missing.filter((wish) => !wish?.everLeft && !wish?.deleted)).toEqual([])
    }
  }

  // Each change was in its feeds in the read right after it, and in its request.
  expect(wrong).toEqual([])

  // Answers: 200 while nothing is wrong, never 200 from a wrong store, nothing but 200 and 503 ever.
  const kinds = [...new Set([...server.state.statuses.keys()].map((key) => key.replace(/: .*:/, ':')))].sort()
  expect(kinds.filter((kind) => kind.startsWith('none'))).toEqual(['none: 200'])
  expect(kinds.filter((kind) => kind.startsWith('wrong store'))).toEqual(['wrong store: 503'])
  expect(kinds.filter((kind) => kind.startsWith('failing'))).toEqual(['failing reads: 200', 'failing reads: 503'])

  // Every wanted title reached each client in the end.
  const wanted = all.filter((wish) => wish.left === undefined && !wish.deleted)
  for (const type of ['movie', 'tv'] as const) {
    const expected = wanted.filter((wish) => wish.title.mediaType === type).map(clientIdOf)
    expect(expected.length).toBeGreaterThan(0)
    for (const { library } of type === 'movie' ? [radarr, cleaningRadarr] : [sonarr, cleaningSonarr]) {
      expect(expected.filter((id) => !library.has(id))).toEqual([])
    }
  }
  checkSeasons(clients.sonarr, wishOf)
}

/** A series that the program list brought has the seasons that were asked for. */
function checkSeasons(sonarr: Simulation['clients']['sonarr'], wishOf: Map<string, { seasons?: number[] }>): void {
  const brought = [...sonarr.library.values()].filter((show) => show.list === 'program')
  expect(brought.length).toBeGreaterThan(0)
  for (const show of brought) {
    const wanted = wishOf.get(`tv/${show.tvdbId}`)?.seasons ?? show.seasons.filter((season) => season > 0)
    expect(show.chosen.flatMap((season) => (season.monitored ? season.seasonNumber : []))).toEqual(wanted)
  }
}

/** One line: how long a request took to the first read by a list of each kind (median / 95th percentile / maximum). */
function report(store: string, { clients, wishes, clientIdOf }: Simulation): void {
  const delays = (isProgram: boolean, type: 'movie' | 'tv') => {
    const { lists } = type === 'movie' ? clients.radarr : clients.sonarr
    const wanted = [...wishes.values()].filter((wish) => wish.title.mediaType === type && !wish.everLeft)
    const waits = lists
      .filter((list) => (list.settings.type === 'program') === isProgram)
      .flatMap((list) => wanted.map((wish) => (list.firstSeen.get(clientIdOf(wish)) ?? Number.NaN) - wish.askedAt))
    return spread(waits.filter((wait) => !Number.isNaN(wait)))
  }
  console.info(
    `${store}, request to pick-up in h:mm (median / p95 / max, outages and the clients’ back-off after them included): movies by program list ${delays(true, 'movie')}, ` +
      `by plain lists ${delays(false, 'movie')}; series ${delays(true, 'tv')}, ${delays(false, 'tv')}`,
  )
}

it('30 days on SQLite: restarts, outages, wrong and lost stores, dropped disks, mass deletes, renamed folders and filters', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'stellarr-simulation-'))
  const house = simulation({
    seed: Number(process.env.SEED ?? 20_260),
    days: 30,
    quietDays: 3,
    movies: 120,
    series: 70,
    keepAnswers: true,
  })
  const { server, clock } = house
  const [live, backup, old, fresh, emptied, empty] = ['live', 'backup', 'old', 'fresh', 'emptied', 'empty'].map(
    (name) => join(dir, `${name}.db`),
  )
  if (!live || !backup || !old || !fresh || !emptied || !empty) throw new Error('no paths')
  const startOn = async (path: string) => server.start(await openSqliteStorage({ path, clock }))
  const restartOn = async (path: string) => {
    await server.stop()
    await startOn(path)
  }
  try {
    await startOn(live)
    for (const day of [3.3, 13.1, 25.7]) house.at(day, () => restartOn(live))
    house.trouble('down', 5, 6)
    house.trouble('failing reads', 8, 12)
    house.filterByTag(1)
    house.deleteMost(7.2, 'movie', 'by one')
    house.renameFolders(10.5)
    house.dropDisk(12.2, 13.2)
    house.deleteMost(15.2, 'movie', 'keep')
    house.deleteMost(16.2, 'tv', 'keep')
    house.deleteMost(18.6, 'movie', 'remove')
    house.dropDisk(25, 26)
    house.at(14, async () => void (await copyStoreFile(live, backup)))
    house.trouble('wrong store', 17, 17.3)
    house.at(17, async () => {
      copyFileSync(backup, old)
      await restartOn(old)
    })
    house.at(17.3, () => restartOn(live))
    house.trouble('wrong store', 20, 20.4)
    house.at(20, () => restartOn(fresh))
    house.at(20.4, () => restartOn(live))
    house.trouble('wrong store', 22, 22.3)
    house.at(22, async () => {
      // The same store and a higher revision, but all requests are gone: only the lists themselves can tell.
      await copyStoreFile(live, emptied)
      await restartOn(emptied)
      const { requests } = server.storage()
      for (const request of await requests.list({})) await requests.remove(request)
    })
    house.at(22.3, async () => {
      await restartOn(live)
      await server.useCases().confirmStore()
    })
    house.trouble('wrong store', 24, 24.4)
    house.at(24, async () => {
      // All is gone but the keys, which clients have from before.
      await server.stop()
      server.loseWitness()
      await startOn(empty)
    })
    house.at(24.4, () => restartOn(live))
    await house.run()
    check(house)
    report('SQLite', house)
  } finally {
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  }
}, 300_000)

it('two days and a half on DynamoDB: the same but for backups, in a smaller form', async () => {
  const engine = await startEngine()
  const house = simulation({
    seed: Number(process.env.SEED ?? 77),
    days: 2.5,
    quietDays: 1,
    movies: 30,
    series: 24,
    keepAnswers: false,
  })
  const { server, clock } = house
  const table = await engine.freshTable()
  const [fresh, unknown] = [await engine.freshTable(), await engine.freshTable()]
  const startOn = async (name: string) => server.start(await engine.openStorage(clock, { table: name }))
  const restartOn = async (name: string) => {
    await server.stop()
    await startOn(name)
  }
  try {
    await startOn(table)
    house.at(0.4, () => restartOn(table))
    house.trouble('down', 0.6, 0.7)
    house.renameFolders(0.5)
    house.filterByTag(0.5)
    house.dropDisk(0.95, 1.25)
    house.trouble('failing reads', 1, 1.4)
    house.deleteMost(1.45, 'movie', 'keep')
    house.deleteMost(2, 'movie', 'remove')
    house.trouble('wrong store', 1.6, 1.8)
    house.at(1.6, () => restartOn(fresh))
    house.at(1.7, async () => {
      await server.stop()
      server.loseWitness()
      await startOn(unknown)
    })
    house.at(1.8, () => restartOn(table))
    await house.run()
    check(house)
    report('DynamoDB', house)
  } finally {
    await server.close()
    await engine.stop()
  }
}, 300_000)
