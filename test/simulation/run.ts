import type { MediaType } from '../../packages/core/src/index.ts'
import { fixedClock } from '../../packages/core/src/testing/index.ts'
import { type ProgramFilters, simulatedRadarr, simulatedSonarr } from '../clients/index.ts'
import { agenda, DAY, HOUR, MINUTE, numbersFrom } from './agenda.ts'
import { disks } from './disks.ts'
import { RADARR_LISTS, SONARR_LISTS } from './feeds.ts'
import { household, PEOPLE } from './household.ts'
import { type Instance, type Radarr, type Sonarr, speaking } from './instances.ts'
import { type MassDelete, massDeletes } from './mass-deletes.ts'
import { mediaServer } from './media-server.ts'
import { simulatedServer, TOKEN, type Trouble } from './server.ts'
import { catalogueOf, clientIdOf, movieLookup, showLookup, someMovies, someSeries } from './titles.ts'
import { FOLDERS, filteredViews, SECOND_PROFILE, tagOf } from './views.ts'
import type { Wish } from './wishes.ts'

/** Whose tag a list is filtered by. */
const [TAGGED = ''] = PEOPLE

/**
 * A household with two Radarrs and two Sonarrs, one of each cleaning its library at the most dangerous level, and more that
 * clean by a filtered list alone, against the app in process on simulated time. All of them tell it what they do.
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
  const titles = [...movies, ...series]
  const plan = agenda(clock)
  const server = simulatedServer({
    clock,
    random: numbersFrom(options.seed + 1),
    catalog: catalogueOf(titles),
    keepAnswers: options.keepAnswers,
  })
  const from = { transport: server.transport, clock }
  const instances: Instance[] = []
  /** Every Radarr and Sonarr, those with a filtered list too. */
  const all: { radarrs: Radarr[]; sonarrs: Sonarr[] } = { radarrs: [], sonarrs: [] }
  const wishes = new Map<(typeof titles)[number], Wish>()
  const wrong: string[] = []
  const at = (day: number, run: () => Promise<void>) => plan.at(start + day * DAY, run)

  const lookups = { radarr: movieLookup(movies), sonarr: showLookup(series) }
  const byId = {
    radarr: new Map(movies.map((title) => [clientIdOf(title), title])),
    sonarr: new Map(series.map((title) => [clientIdOf(title), title])),
  }

  /** Lets one that has been set up work, every so many minutes from now on. */
  function begin(client: Parameters<typeof speaking>[0], name: string, minutes: number): void {
    const titleOf = (id: number) => byId[client.app].get(id)
    const instance = speaking(client, { name, server, clock, agenda: plan, random, titleOf })
    instances.push(instance)
    const first = clock.now() + (instances.length - 1 + random()) * MINUTE
    plan.every(minutes * MINUTE, first, () => instance.tick())
  }

  function radarr(name: string, cleanLevel: 'disabled' | 'removeAndDelete', filters?: ProgramFilters): Radarr {
    const filtered = { name: 'program', type: 'program', url: '/radarr', apiKey: TOKEN } as const
    const lists = filters ? [{ ...filtered, filters }] : RADARR_LISTS
    const client = simulatedRadarr({ ...from, lookup: lookups.radarr, lists, cleanLevel })
    all.radarrs.push(client)
    begin({ app: 'radarr', client }, name, filters ? 60 : 5)
    return client
  }

  function sonarr(name: string, cleanLevel: 'disabled' | 'keepAndUnmonitor', filters?: ProgramFilters): Sonarr {
    const filtered = { name: 'program', type: 'program', url: '/sonarr', apiKey: TOKEN } as const
    const lists = filters ? [{ ...filtered, filters: { ...filters, syncSeasonMonitoring: true } }] : SONARR_LISTS
    const client = simulatedSonarr({ ...from, lookup: lookups.sonarr, lists, cleanLevel })
    all.sonarrs.push(client)
    begin({ app: 'sonarr', client }, name, filters ? 60 : 5)
    return client
  }

  const clients = {
    radarr: radarr('Radarr', 'disabled'),
    cleaningRadarr: radarr('Radarr cleaning', 'removeAndDelete'),
    sonarr: sonarr('Sonarr', 'disabled'),
    cleaningSonarr: sonarr('Sonarr cleaning', 'keepAndUnmonitor'),
  }
  const views = filteredViews({ server, wishes, instances, person: TAGGED })
  const shared = { server, clock, agenda: plan, random, wishes, instances, wrong }
  const disk = disks({ ...shared, views })
  const mass = massDeletes({ ...shared, views })
  /** How many titles each mishap was about. */
  const concerned: number[] = []
  const home = household({
    ...shared,
    titles,
    until: start + (options.days - options.quietDays) * DAY,
    look: views.look,
    isBusy: mass.isBusy,
  })
  const media = mediaServer({ server, instances, titles, isThinned: mass.isThinned, appeared: home.appeared })

  /** The admin's profiles, the first with its folders under these names. */
  async function setProfiles(folders: Record<MediaType, string>): Promise<void> {
    const profiles = [
      { id: 1, name: 'Standard', rootFolders: folders },
      {
        ...(folders === FOLDERS.new && { id: SECOND_PROFILE }),
        name: '4K',
        rootFolders: { movie: '/4k', tv: '/tv-4k' },
      },
    ]
    const refused = await server.useCases().changeFeedSettings({ profiles })
    if (refused) throw new Error(`the profiles were refused: ${JSON.stringify(refused)}`)
    await views.look()
  }

  plan.at(start, async () => {
    await setProfiles(FOLDERS.old)
    radarr('Radarr by the old folder', 'removeAndDelete', { rootFolderPaths: [`${FOLDERS.old.movie}/`] })
    sonarr('Sonarr by profile', 'keepAndUnmonitor', { profileIds: [SECOND_PROFILE] })
  })
  plan.every(HOUR, start + 7 * MINUTE, async () => {
    if (home.isReachable()) await media.sync()
    await views.look()
  })

  return {
    clock,
    server,
    clients,
    all,
    wishes,
    wrong,
    views,
    concerned,
    /** Does something to the server at a time, in days since the start. */
    at,
    /** The admin gives the first profile's folders other names, and a Radarr is set up that takes those alone. */
    renameFolders: (day: number) =>
      at(day, async () => {
        await setProfiles(FOLDERS.new)
        radarr('Radarr by the new folder', 'removeAndDelete', { rootFolderPaths: [`${FOLDERS.new.movie}/`] })
      }),
    /** A Sonarr is set up that takes one person's series alone. */
    filterByTag: (day: number) =>
      at(day, async () => {
        const tag = await tagOf(server, TAGGED)
        if (tag === undefined) throw new Error(`${TAGGED} has no tag yet`)
        sonarr('Sonarr by tag', 'keepAndUnmonitor', { tagIds: [tag] })
      }),
    /** A disk with a third of everything drops out, and comes back. */
    dropDisk: (fromDay: number, toDay: number) =>
      at(fromDay, async () => void concerned.push(await disk.drop((toDay - fromDay) * DAY))),
    /** One Radarr or Sonarr, or each of them, deletes most of what it has. */
    deleteMost: (day: number, type: MediaType, kind: MassDelete) =>
      mass.plan(start + day * DAY, type, kind, (count) => void concerned.push(count)),
    /** Something is wrong with the server from one day to another; fractions count. */
    trouble(kind: Trouble, fromDay: number, toDay: number): void {
      for (const [day, trouble] of [
        [fromDay, kind],
        [toDay, 'none'],
      ] as const) {
        at(day, async () => {
          server.state.trouble = trouble
        })
      }
    },
    run: () => plan.runUntil(start + options.days * DAY),
    clientIdOf: ({ title }: Wish) => clientIdOf(title),
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
