import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine } from '@stellarr/storage-dynamo/testing'
import { expect, it } from 'vitest'
import { openSqliteStorage, type SqliteStorage } from '../packages/storage-sqlite/src/index.ts'
import { type Simulation, simulation, spread } from './simulation/run.ts'

/** What must hold after any run, whatever went wrong in it. */
function check({ clients, wishes, wrong, server, clientIdOf }: Simulation): void {
  const { radarr, cleaningRadarr, sonarr, cleaningSonarr } = clients
  const all = [...wishes.values()]
  const wishOf = new Map(all.map((wish) => [`${wish.title.mediaType}/${clientIdOf(wish)}`, wish]))

  // No title was wrongly added.
  for (const { history } of [radarr, cleaningRadarr]) {
    const strangers = history.filter((movie) => {
      const wish = wishOf.get(`movie/${movie.tmdbId}`)
      return movie.guessed || !wish || movie.addedAt < wish.askedAt
    })
    expect(strangers).toEqual([])
  }
  for (const { library } of [sonarr, cleaningSonarr]) {
    const strangers = [...library.values()].filter((show) => {
      const wish = wishOf.get(`tv/${show.tvdbId}`)
      return !wish || show.addedAt < wish.askedAt
    })
    expect(strangers).toEqual([])
  }

  // No title that stayed listed was removed or unmonitored; and what left its lists was, so cleaning did work.
  expect(radarr.history.filter((movie) => movie.removedAt !== undefined || !movie.monitored)).toEqual([])
  expect([...sonarr.library.values()].filter((show) => !show.monitored)).toEqual([])
  const removed = cleaningRadarr.history.filter((movie) => movie.removedAt !== undefined)
  expect(removed.filter((movie) => !wishOf.get(`movie/${movie.tmdbId}`)?.everLeft)).toEqual([])
  const unmonitored = [...cleaningSonarr.library.values()].filter((show) => !show.monitored)
  expect(unmonitored.filter((show) => !wishOf.get(`tv/${show.tvdbId}`)?.everLeft)).toEqual([])
  expect([removed.length > 0, unmonitored.length > 0]).toEqual([true, true])

  // Each change was in its feeds in the read right after it.
  expect(wrong).toEqual([])

  // Answers: 200 while nothing is wrong, never 200 from a wrong store, nothing but 200 and 503 ever.
  const kinds = [...new Set([...server.state.statuses.keys()].map((key) => key.replace(/: .*:/, ':')))].sort()
  expect(kinds.filter((kind) => kind.startsWith('none'))).toEqual(['none: 200'])
  expect(kinds.filter((kind) => kind.startsWith('wrong store'))).toEqual(['wrong store: 503'])
  expect(kinds.filter((kind) => kind.startsWith('failing'))).toEqual(['failing reads: 200', 'failing reads: 503'])

  // Every wanted title reached each client in the end.
  const wanted = all.filter((wish) => wish.left === undefined)
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

it('30 days on SQLite: restarts, a day without a server, failing reads, a fresh file, an old backup, lost rows and a lost folder', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'stellarr-simulation-'))
  const house = simulation({ seed: 20_260, days: 30, quietDays: 3, movies: 150, series: 90, keepAnswers: true })
  const { server, clock } = house
  const [live, backup, old, fresh, emptied, empty] = ['live', 'backup', 'old', 'fresh', 'emptied', 'empty'].map(
    (name) => join(dir, `${name}.db`),
  )
  if (!live || !backup || !old || !fresh || !emptied || !empty) throw new Error('no paths')
  let open: SqliteStorage | undefined
  const startOn = async (path: string) => {
    open = await openSqliteStorage({ path, clock })
    await server.start(open)
  }
  const restartOn = async (path: string) => {
    await server.stop()
    await startOn(path)
  }
  try {
    await startOn(live)
    for (const day of [3.3, 13.1, 25.7]) house.at(day, () => restartOn(live))
    house.trouble('down', 5, 6)
    house.trouble('failing reads', 8, 12)
    house.at(14, async () => open?.backup(backup))
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
      await open?.backup(emptied)
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

it('two days and a half on DynamoDB: restarts, hours without a server, failing reads, another table and one that nobody knows', async () => {
  const engine = await startEngine()
  const house = simulation({ seed: 77, days: 2.5, quietDays: 1, movies: 40, series: 30, keepAnswers: false })
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
    house.trouble('failing reads', 1, 1.4)
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
