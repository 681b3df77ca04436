import type { FixedClock } from '../../packages/core/src/testing/index.ts'
import { type Show, type ShowLookup, type ShowRecord, simulatedSonarr } from '../clients/index.ts'
import { type Agenda, DAY, HOUR, MINUTE } from './agenda.ts'
import { dayOf, type Episode, imdbIdOf, type Series, START } from './series.ts'
import { type SimulatedServer, TOKEN } from './server.ts'

const UPGRADED_SHARE = 0.2

/**
 * A Sonarr that fetches what its program list asks for, numbered as TVDB numbers it, and tells the app by its webhook.
 * @param options.happened called after each message
 */
export function fetchingSonarr(options: {
  server: SimulatedServer
  clock: FixedClock
  agenda: Agenda
  random(): number
  cast: readonly Series[]
  happened(): Promise<void>
}) {
  const { server, clock, agenda, random, cast } = options
  /** What its library holds. */
  const files = new Set<Episode>()
  /** The TVDB id that it named last of a series. */
  const named = new Map<Series, number>()
  const taken = new Set<ShowRecord>()
  const today = () => dayOf(clock.now())

  const showOf = (series: Series): Show => ({
    tvdbId: series.sonarrId(today()),
    tmdbId: series.tmdbId,
    imdbId: imdbIdOf(series),
    title: series.name,
    seasons: [...new Set(series.episodes.map(({ tvdb }) => tvdb.season))],
  })
  /** What stands for one series at TVDB now. */
  const allOf = (tvdbId: number) =>
    cast.filter((one) => one.sonarrId(today()) === tvdbId || one.leadingIds?.includes(tvdbId))
  const lookup: ShowLookup = {
    byTvdbId(tvdbId) {
      const [first] = allOf(tvdbId)
      return first && showOf(first)
    },
    byImdbId: () => undefined,
    byTmdbId: () => undefined,
  }
  const client = simulatedSonarr({
    transport: server.transport,
    clock,
    lookup,
    cleanLevel: 'keepAndUnmonitor',
    lists: [
      { name: 'program', type: 'program', url: '/sonarr', apiKey: TOKEN, filters: { syncSeasonMonitoring: true } },
    ],
  })

  async function say(
    series: Series,
    message: { eventType: string; episodes?: readonly Episode[] } & Record<string, unknown>,
  ) {
    const { episodes, ...rest } = message
    const tvdbId = series.sonarrId(today())
    const old = { id: series.tmdbId, title: series.name, path: `/tv/${series.name}`, tvdbId, type: 'standard' }
    const body = {
      ...rest,
      series: series.sonarr === 3 ? old : { ...old, tmdbId: series.tmdbId, imdbId: imdbIdOf(series), year: 2020 },
      ...(episodes && {
        episodes: episodes.map(({ tvdb }) => ({ seasonNumber: tvdb.season, episodeNumber: tvdb.number, title: 'TBA' })),
      }),
    }
    const status = await server.post(`/webhook/sonarr?token=${TOKEN}`, body)
    if (status !== 200) throw new Error(`${series.name}: ${message.eventType} was answered with ${status}`)
    // Of a file that a better one replaces the app reads nothing at all.
    if (rest.deleteReason !== 'upgrade') for (const one of allOf(tvdbId)) named.set(one, tvdbId)
    await options.happened()
  }

  /** Fetches episodes as one release: grabs them, and has them at the given time. */
  function fetch(series: Series, episodes: readonly Episode[], at: number): void {
    agenda.at(Math.max(clock.now(), at - 10 * MINUTE), () => say(series, { eventType: 'Grab', episodes, release: {} }))
    agenda.at(at, async () => {
      for (const one of episodes) files.add(one)
      await say(series, { eventType: 'Download', episodes, isUpgrade: false })
    })
    if (random() < UPGRADED_SHARE) agenda.at(at + (0.2 + 3 * random()) * DAY, () => upgrade(series, episodes))
  }

  async function upgrade(series: Series, episodes: readonly Episode[]): Promise<void> {
    const here = episodes.filter((one) => files.has(one))
    if (here.length === 0) return
    await say(series, { eventType: 'EpisodeFileDelete', episodes: here, deleteReason: 'upgrade' })
    await say(series, { eventType: 'Download', episodes: here, isUpgrade: true })
  }

  function lose(series: Series, episode: Episode, { from, to }: { from: number; to: number }): void {
    agenda.at(START + from * DAY, async () => {
      files.delete(episode)
      await say(series, { eventType: 'EpisodeFileDelete', episodes: [episode], deleteReason: 'manual' })
    })
    agenda.at(START + to * DAY, async () => {
      files.add(episode)
      await say(series, { eventType: 'Download', episodes: [episode], isUpgrade: false })
    })
  }

  const isMonitored = (show: ShowRecord, { tvdb }: Episode) =>
    show.chosen.some((season) => season.seasonNumber === tvdb.season && season.monitored)

  /** Takes on a series that the list has brought: what has aired comes soon, the rest as it airs. */
  async function takeOn(show: ShowRecord): Promise<void> {
    const [series] = allOf(show.tvdbId)
    if (!series) return
    await say(series, { eventType: 'SeriesAdd' })
    const wanted = series.episodes.filter((one) => isMonitored(show, one))
    const comesAt = (one: Episode) => START + (one.day + one.late) * DAY
    const soon = wanted.filter((one) => comesAt(one) <= clock.now() + HOUR)
    for (const group of releasesOf(soon, series.backlog)) fetch(series, group, clock.now() + (1 + 30 * random()) * HOUR)
    for (const one of wanted.filter((other) => !soon.includes(other))) fetch(series, [one], comesAt(one))
    const [first] = wanted
    if (series.lost && first) lose(series, first, series.lost)
  }

  /** Where TVDB has put two entries together, Sonarr goes on with the one that is left. */
  function refresh(): void {
    for (const show of [...client.library.values()]) {
      const now = allOf(show.tvdbId)[0]?.sonarrId(today())
      if (now === undefined || now === show.tvdbId) continue
      client.library.delete(show.tvdbId)
      show.tvdbId = now
      client.library.set(now, show)
    }
  }

  return {
    files,
    named,
    client,
    async tick(): Promise<void> {
      refresh()
      await client.tick()
      for (const show of client.library.values()) {
        if (taken.has(show)) continue
        taken.add(show)
        await takeOn(show)
      }
    },
  }
}

/** What comes in one message. */
function releasesOf(episodes: readonly Episode[], by: Series['backlog']): Episode[][] {
  const groups = new Map<string, Episode[]>()
  for (const one of episodes) {
    const { season, number } = one.tvdb
    const key = by === 'all' ? '' : by === 'season' ? `${season}` : `${season}/${number}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}
