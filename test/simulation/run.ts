import { fixedClock } from '../../packages/core/src/testing/index.ts'
import { simulatedRadarr, simulatedSonarr } from '../clients/index.ts'
import { agenda, DAY, MINUTE, numbersFrom } from './agenda.ts'
import { RADARR_LISTS, SONARR_LISTS } from './feeds.ts'
import { household, type Wish } from './household.ts'
import { simulatedServer, type Trouble } from './server.ts'
import { catalogueOf, movieLookup, showLookup, someMovies, someSeries, tvdbIdOf } from './titles.ts'

/**
 * A household with two Radarrs and two Sonarrs, one of each cleaning its library at the most dangerous level, against
 * the app in process on simulated time.
 * @param options.quietDays at the end nobody asks, so that what was asked can reach the slowest list
 */
export function simulation(options: {
  seed: number
  days: number
  quietDays: number
  movies: number
  series: number
  keepAnswers: boolean
}) {
  const clock = fixedClock()
  const random = numbersFrom(options.seed)
  const start = clock.now()
  const [movies, series] = [someMovies(options.movies), someSeries(options.series)]
  const plan = agenda(clock)
  const server = simulatedServer({
    clock,
    random: numbersFrom(options.seed + 1),
    catalog: catalogueOf([...movies, ...series]),
    keepAnswers: options.keepAnswers,
  })
  const from = { transport: server.transport, clock }
  const radarr = (cleanLevel: 'disabled' | 'removeAndDelete') =>
    simulatedRadarr({ ...from, lookup: movieLookup(movies), lists: RADARR_LISTS, cleanLevel })
  const sonarr = (cleanLevel: 'disabled' | 'keepAndUnmonitor') =>
    simulatedSonarr({ ...from, lookup: showLookup(series), lists: SONARR_LISTS, cleanLevel })
  const clients = {
    radarr: radarr('disabled'),
    cleaningRadarr: radarr('removeAndDelete'),
    sonarr: sonarr('disabled'),
    cleaningSonarr: sonarr('keepAndUnmonitor'),
  }

  const home = household({
    server,
    clock,
    agenda: plan,
    random,
    titles: [...movies, ...series],
    until: start + (options.days - options.quietDays) * DAY,
    added: ({ mediaType, tmdbId }) =>
      mediaType === 'movie'
        ? clients.radarr.library.get(tmdbId)?.addedAt
        : clients.sonarr.library.get(tvdbIdOf(tmdbId))?.addedAt,
  })
  for (const [n, client] of Object.values(clients).entries()) {
    plan.every(5 * MINUTE, start + (n + random()) * MINUTE, () => client.tick())
  }

  return {
    clock,
    server,
    clients,
    ...home,
    /** Does something to the server at a time, in days since the start. */
    at: (day: number, run: () => Promise<void>) => plan.at(start + day * DAY, run),
    /** Something is wrong with the server from one day to another; fractions count. */
    trouble(kind: Trouble, fromDay: number, toDay: number): void {
      for (const [day, trouble] of [
        [fromDay, kind],
        [toDay, 'none'],
      ] as const) {
        plan.at(start + day * DAY, async () => {
          server.state.trouble = trouble
        })
      }
    },
    run: () => plan.runUntil(start + options.days * DAY),
    clientIdOf: ({ title }: Wish) => (title.mediaType === 'movie' ? title.tmdbId : tvdbIdOf(title.tmdbId)),
  }
}

export type Simulation = ReturnType<typeof simulation>

/** Median, 95th percentile and maximum of durations, as hours and minutes. */
export function spread(durations: readonly number[]): string {
  const sorted = [...durations].sort((a, b) => a - b)
  const at = (share: number) => {
    const minutes = Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) / MINUTE)
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
  }
  return `${at(0.5)} / ${at(0.95)} / ${at(1)}`
}
