import type { CatalogTitle, MediaRequest, MediaRequestStatus } from '../../packages/core/src/index.ts'
import { SONARR_TYPES } from '../clients/index.ts'
import { DAY } from './agenda.ts'
import { SONARR_LISTS } from './feeds.ts'
import { dayOf, type Episode, placeIn, type Series, START } from './series.ts'
import type { SimulatedServer } from './server.ts'

/** So long after its day begins an episode may be missing; that it is late the daily work finds out. */
const GRACE = 7 * DAY

/** What is known outside the app, against which it is held. */
export interface Outside {
  now(): number
  /** When the daily work was done last. */
  workedAt: number
  /** What the catalogue told last of each. */
  told: ReadonlyMap<Series, CatalogTitle>
  files: ReadonlySet<Episode>
  /** The TVDB id that Sonarr named last of each. */
  named: ReadonlyMap<Series, number>
  /** And whether it stays in the lists all the same, since something of it was here. */
  canceled: ReadonlyMap<Series, boolean>
  /** What each person was told: `series/person`. */
  messages: ReadonlyMap<string, readonly string[]>
}

/** A series as the catalogue last told of it and as it really is, apart from what the app makes of that. */
function factsOf(series: Series, title: CatalogTitle, outside: Outside) {
  const place = placeIn(title.numbering)
  const { last, next } = title.broadcast ?? {}
  const hasBegun = next && Date.parse(next.airDate) <= outside.now()
  const far = hasBegun ? next : last
  const [ask] = series.asks
  const areSpecials = title.seasons.length > 0 && title.seasons.every((one) => one.seasonNumber === 0)
  const wanted = ask?.seasons ?? title.seasons.map((one) => one.seasonNumber).filter((one) => one > 0 || areSpecials)
  const countOf = (season: number) => title.seasons.find((one) => one.seasonNumber === season)?.episodeCount ?? 0
  const episodes = series.episodes.filter((one) => {
    const { season, number } = place(one)
    return wanted.includes(season) && number <= countOf(season)
  })
  const hasAired = (one: Episode) => {
    const { season, number } = place(one)
    if (season === 0) return START + one.day * DAY <= outside.now()
    return (
      far !== undefined && (season < far.seasonNumber || (season === far.seasonNumber && number <= far.episodeNumber))
    )
  }
  return {
    wanted,
    empty: wanted.filter((season) => countOf(season) === 0),
    here: episodes.filter((one) => outside.files.has(one)),
    missing: episodes.filter((one) => hasAired(one) && !outside.files.has(one)),
    hasBegun: (season: number) => episodes.some((one) => place(one).season === season && outside.files.has(one)),
    name: (one: Episode) => `S${place(one).season}E${place(one).number}`,
  }
}

/** Looks at the app after everything that happens, and notes what is not as it must be: each kind once a series. */
export function watch(server: SimulatedServer, cast: readonly Series[], outside: Outside) {
  const problems = new Map<string, string>()
  const ways = new Map<Series, MediaRequestStatus[]>()

  function wrong(series: Series | undefined, rule: string, sentence: string): void {
    const key = `${series?.name}/${rule}`
    if (problems.has(key)) return
    problems.set(key, `day ${dayOf(outside.now()).toFixed(2)}, ${series?.name ?? 'all'}: ${sentence}`)
  }

  function noteStatus(series: Series, { status }: MediaRequest): void {
    const way = ways.get(series) ?? []
    ways.set(series, way)
    if (way.at(-1) === status) return
    way.push(status)
    const { way: expected } = series.expected
    if (expected[way.length - 1] === status) return
    wrong(series, 'way', `it is ${way.join(' → ')}, expected ${expected.join(' → ')}`)
  }

  function checkStatus(series: Series, request: MediaRequest): void {
    const title = outside.told.get(series)
    if (!title) return
    const { empty, here, missing, wanted, hasBegun, name } = factsOf(series, title, outside)
    if (request.status === 'available') {
      const overdue = missing.filter((one) => START + one.day * DAY + GRACE <= outside.workedAt)
      if (overdue.length > 0) wrong(series, 'overdue', `it is available without ${overdue.map(name).join(', ')}`)
      if (here.length === 0) wrong(series, 'nothing', 'it is available, and no episode is here')
      if (empty.length > 0) wrong(series, 'empty', `it is available, and season ${empty.join(', ')} lists no episode`)
      if (series.neverAvailable) wrong(series, 'never', 'it is available although its seasons cannot be told apart')
      return
    }
    const isDue = missing.length === 0 && empty.length === 0 && wanted.length > 0 && wanted.every(hasBegun)
    if (isDue && !series.neverAvailable) {
      wrong(series, 'not available', `it is ${request.status}, expected available: all that has aired is here`)
    }
  }

  function checkMessages(): void {
    for (const [key, bodies] of outside.messages) {
      const [name, person = ''] = key.split('/')
      const series = cast.find((one) => one.name === name)
      const expected = series?.expected.told[person] ?? []
      if (bodies.every((body, n) => isLike(body, expected[n]))) continue
      wrong(
        series,
        `told ${person}`,
        `${person} was told ${JSON.stringify(bodies)}, expected ${JSON.stringify(expected)}`,
      )
    }
  }

  /** Each list names each series by its ids, and nothing else; the program list with the seasons asked for. */
  async function checkLists(requests: readonly MediaRequest[]): Promise<void> {
    const listed = cast.filter((series) => isListed(requests, series))
    const rowsOf = (series: Series) => series.rows(outside.told.get(series)?.tvdbId ?? 0, outside.named.get(series))
    const expected = [...new Set(listed.flatMap(rowsOf))].sort((a, b) => a - b)
    const owner = (id: number) => cast.find((one) => [...rowsOf(one), one.tvdbId(0)].includes(id))
    for (const list of SONARR_LISTS) {
      const type = SONARR_TYPES[list.type]
      const answer = await server.look(list.url + ('programPath' in type ? type.programPath : ''))
      const rows = type.read(answer, list.filters ?? {})
      const ids = rows.map((row) => row.tvdbId).sort((a, b) => a - b)
      const odd = [...new Set([...ids, ...expected])].filter((id) => ids.includes(id) !== expected.includes(id))
      for (const id of odd) {
        wrong(
          owner(id),
          `${list.name} ${id}`,
          `${list.name} ${expected.includes(id) ? 'lacks' : 'has'} the row of TVDB ${id}`,
        )
      }
      if (new Set(ids).size < ids.length) wrong(undefined, list.name, `${list.name} has a row twice: ${ids}`)
      if (list.type !== 'program') continue
      for (const { tvdbId, seasons = [] } of rows)
        checkSeasons(
          list.name,
          tvdbId,
          listed.filter((one) => rowsOf(one).includes(tvdbId)),
          seasons,
        )
    }
  }

  function checkSeasons(
    list: string,
    tvdbId: number,
    owners: readonly Series[],
    seasons: readonly { seasonNumber: number; monitored: boolean }[],
  ): void {
    const titles = owners.flatMap((one) => outside.told.get(one) ?? [])
    const wanted = new Set(owners.flatMap((one, n) => (titles[n] ? factsOf(one, titles[n], outside).wanted : [])))
    for (const season of new Set([
      0,
      ...titles.flatMap((one) => one.seasons.map((row) => row.seasonNumber)),
      ...wanted,
    ])) {
      const row = seasons.find((one) => one.seasonNumber === season)
      if (row?.monitored === wanted.has(season)) continue
      const is = row ? (row.monitored ? 'monitored' : 'not monitored') : 'not there'
      wrong(owners[0], `${list} ${tvdbId} ${season}`, `season ${season} of TVDB ${tvdbId} is ${is} in ${list}`)
    }
  }

  /** One that was canceled before anything came is out of the lists: what comes is the other's. */
  function isListed(requests: readonly MediaRequest[], series: Series): boolean {
    return requests.some((one) => one.tmdbId === series.tmdbId) && (outside.canceled.get(series) ?? true)
  }

  return {
    problems,

    async look(): Promise<void> {
      const requests = await server.storage().requests.list({})
      for (const series of cast) {
        const request = requests.find((one) => one.tmdbId === series.tmdbId)
        if (!request || outside.canceled.has(series)) continue
        noteStatus(series, request)
        checkStatus(series, request)
      }
      checkMessages()
      await checkLists(requests)
    },

    /** What has to have come about in the end. */
    async lookBack(): Promise<void> {
      const requests = await server.storage().requests.list({})
      for (const series of cast) {
        const request = requests.find((one) => one.tmdbId === series.tmdbId)
        const { way, told, complete } = series.expected
        if (!request) wrong(series, 'request', 'nobody has asked for it')
        const seen = ways.get(series) ?? []
        if (seen.length < way.length) wrong(series, 'way', `it was ${seen.join(' → ')}, expected ${way.join(' → ')}`)
        for (const [person, expected] of Object.entries(told)) {
          const bodies = outside.messages.get(`${series.name}/${person}`) ?? []
          if (bodies.length < expected.length) {
            wrong(
              series,
              `told ${person}`,
              `${person} was told ${JSON.stringify(bodies)}, expected ${JSON.stringify(expected)}`,
            )
          }
        }
        if (complete !== (request?.completeAt !== undefined)) {
          wrong(series, 'complete', complete ? 'it has no completeAt although all is here' : 'it has a completeAt')
        }
      }
    },
  }
}

/** A question mark stands for any number. */
const isLike = (body: string, expected: string | undefined) =>
  expected !== undefined && (body === expected || body.replace(/\d+/, '?') === expected)
