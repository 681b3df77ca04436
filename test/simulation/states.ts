import type { CatalogTitle, LibraryItem, MediaCatalog, PushService } from '../../packages/core/src/index.ts'
import { fixedClock } from '../../packages/core/src/testing/index.ts'
import { agenda, DAY, HOUR, MINUTE, numbersFrom } from './agenda.ts'
import { castOf } from './cast.ts'
import { fetchingSonarr } from './fetching-sonarr.ts'
import { dayOf, type Series, START, titleOn } from './series.ts'
import { PUSH_HOST, simulatedServer } from './server.ts'
import { type Outside, watch } from './watch.ts'

const PEOPLE = ['Ann', 'Bob', 'Cid']

/**
 * A household that asks for series which run, go on, are numbered otherwise or change their ids, with a catalogue that
 * goes with the time, the daily work, a Sonarr that fetches and a library that is counted each night. Everything that
 * happens is looked at.
 */
export function simulatedStates(options: {
  seed: number
  days: number
  pollMinutes: number
  names?: readonly string[]
}) {
  const clock = fixedClock(START)
  const random = numbersFrom(options.seed)
  const cast = castOf(random).filter((one) => options.names?.includes(one.name) ?? true)
  const plan = agenda(clock)
  const told = new Map<Series, CatalogTitle>()
  const messages = new Map<string, string[]>()
  const canceled = new Map<Series, boolean>()
  const at = (day: number, work: () => Promise<void>) => plan.at(START + day * DAY, work)

  const catalog: MediaCatalog = {
    kind: 'tmdb',
    search: async () => ({ results: [], page: 1, totalPages: 1, totalResults: 0 }),
    trending: async () => [],
    async details({ tmdbId }) {
      const series = cast.find((one) => one.tmdbId === tmdbId)
      const title = series && titleOn(series, dayOf(clock.now()))
      // Where TVDB does not answer, its seasons of before stand.
      if (title && !(title.tvdbMissed && told.get(series)?.numbering)) told.set(series, title)
      return title
    },
  }
  const push: PushService = {
    publicKey: async () => 'key',
    async send({ user }, text) {
      const { title, body }: { title: string; body: string } = JSON.parse(text)
      const key = `${title}/${user}`
      messages.set(key, [...(messages.get(key) ?? []), body])
      return 'sent'
    },
  }
  const server = simulatedServer({ clock, random, catalog, keepAnswers: true, push })
  const sonarr = fetchingSonarr({ server, clock, agenda: plan, random, cast, happened: () => eye.look() })
  const { files, named } = sonarr
  const outside: Outside = { now: clock.now, workedAt: START, told, files, named, canceled, messages }
  const eye = watch(server, cast, outside)

  async function ask(series: Series, { by, seasons }: Series['asks'][number]): Promise<void> {
    const key = { mediaType: 'tv' as const, tmdbId: series.tmdbId }
    const outcome = await server.useCases().requestTitle({ key, by: { name: by, role: 'household' }, seasons })
    if (!['added', 'exists'].includes(outcome.kind)) throw new Error(`${series.name}: ${outcome.kind}`)
    await eye.look()
  }

  async function cancel(series: Series, by: string): Promise<void> {
    const key = { mediaType: 'tv' as const, tmdbId: series.tmdbId }
    const outcome = await server.useCases().withdrawRequest(key, { name: by, role: 'household' })
    if (outcome.kind !== 'withdrawn') throw new Error(`${series.name}: ${outcome.kind}`)
    canceled.set(series, outcome.stillListed)
    await eye.look()
  }

  async function work(): Promise<void> {
    const report = await server.useCases().runDaily(clock.now() + HOUR)
    if (report.requestsFailed > 0) throw new Error(`the daily work failed: ${JSON.stringify(report)}`)
    outside.workedAt = clock.now()
    await eye.look()
  }

  /** What the media server has of a series. */
  function itemOf(series: Series): LibraryItem | undefined {
    const counts = new Map<number, number>()
    for (const episode of series.episodes.filter((one) => files.has(one))) {
      const { season } = series.counted === 'tmdb' ? episode.tmdb : episode.tvdb
      counts.set(season, (counts.get(season) ?? 0) + 1)
    }
    if (!series.counted || counts.size === 0) return undefined
    const seasons = [...counts].map(([seasonNumber, episodes]) => ({ seasonNumber, episodes }))
    return { mediaType: 'tv', tmdbId: series.tmdbId, title: series.name, seasons }
  }

  async function count(): Promise<void> {
    // Of two entries for one series a media server has one.
    const items = cast.filter((one) => !one.name.endsWith(', again')).flatMap((one) => itemOf(one) ?? [])
    if (items.length === 0) return
    const outcome = await server.useCases().syncLibrary('tv', items, { clear: true, confirm: false })
    if (outcome.kind !== 'committed') throw new Error(`the library was not taken in: ${outcome.kind}`)
    await eye.look()
  }

  for (const series of cast) {
    for (const one of series.asks) {
      at(one.day, () => ask(series, one))
      if (one.cancelsOn !== undefined) at(one.cancelsOn, () => cancel(series, one.by))
    }
  }
  for (let day = 0; day < options.days; day += 1) {
    at(day + random(), work)
    at(day + 0.15, count)
  }
  plan.every(options.pollMinutes * MINUTE, START + MINUTE, () => sonarr.tick())
  plan.every(HOUR, START + 2 * MINUTE, () => eye.look())

  return {
    server,
    clock,
    sonarr,
    /** Runs it over a store that has been opened, and answers what was wrong, as sentences. */
    async run(): Promise<string[]> {
      for (const user of PEOPLE) {
        const keys = { p256dh: 'p', auth: 'a' }
        await server.useCases().subscribe(user, { endpoint: `https://${PUSH_HOST}/${user}`, keys, language: 'en' })
      }
      await plan.runUntil(START + options.days * DAY)
      await eye.lookBack()
      return [...eye.problems.values()]
    },
  }
}
