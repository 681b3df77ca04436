import {
  type CatalogTitle,
  isListed,
  type MediaType,
  type Session,
  type Storage,
} from '../../packages/core/src/index.ts'
import { fixedClock } from '../../packages/core/src/testing/index.ts'
import {
  type ListSettings,
  type MovieLookup,
  type ShowLookup,
  simulatedRadarr,
  simulatedSonarr,
} from '../clients/index.ts'
import { numbersFrom } from '../simulation/agenda.ts'
import { simulatedServer, TOKEN } from '../simulation/server.ts'
import { catalogueOf } from '../simulation/titles.ts'
import { CLIENTS, type Client, type Known, ledger, typeOf } from './ledger.ts'

const MOVIES = 8
const SERIES = 4
export const PEOPLE = ['Ann', 'Bob', 'Cid']

/** How a client narrows its one list. */
export type Narrowing = 'none' | 'profile' | 'tag' | 'folder' | 'address'
/** The list types that a client may have it as. */
export const RADARR_PLAIN = ['program', 'custom', 'plexRss', 'stevenlu'] as const
export const SONARR_PLAIN = ['program', 'custom', 'plexRss'] as const

export interface Settings {
  plain: { Radarr: (typeof RADARR_PLAIN)[number]; Sonarr: (typeof SONARR_PLAIN)[number] }
  /** Of the second Radarr and the second Sonarr. */
  narrowing: { Radarr4K: Narrowing; Sonarr4K: Narrowing }
}

/** Movies, and series of which the last two entries are one series at TVDB. */
const TITLES: CatalogTitle[] = [
  ...Array.from({ length: MOVIES }, (_, n) => aTitle('movie', 1 + n, {})),
  ...Array.from({ length: SERIES }, (_, n) => aTitle('tv', 101 + n, { tvdbId: 900 + Math.min(n, SERIES - 2) })),
]
export const KNOWN: Known[] = TITLES.map(({ mediaType, tmdbId, tvdbId }) => ({
  mediaType,
  tmdbId,
  clientId: tvdbId ?? tmdbId,
}))

function aTitle(mediaType: MediaType, tmdbId: number, more: Partial<CatalogTitle>): CatalogTitle {
  const seasons = mediaType === 'movie' ? [] : [{ seasonNumber: 1, episodeCount: 2, airDate: '2015-01-01' }]
  const imdbId = `tt${7_000_000 + tmdbId}`
  return {
    mediaType,
    tmdbId,
    title: `T${tmdbId}`,
    year: 2015,
    overview: '',
    voteAverage: 1,
    genres: [],
    seasons,
    imdbId,
    ...more,
  }
}

const movies: MovieLookup = {
  byTmdbId: (id) => TITLES.find((one) => one.mediaType === 'movie' && one.tmdbId === id),
  byImdbId: (id) => TITLES.find((one) => one.mediaType === 'movie' && one.imdbId === id),
  byTitle: () => undefined,
}
const showOf = (title: CatalogTitle | undefined) =>
  title?.tvdbId === undefined ? undefined : { ...title, tvdbId: title.tvdbId, seasons: [0, 1] }
const shows: ShowLookup = {
  byTvdbId: (id) => showOf(TITLES.find((one) => one.tvdbId === id)),
  byImdbId: (id) => showOf(TITLES.find((one) => one.mediaType === 'tv' && one.imdbId === id)),
  byTmdbId: (id) => showOf(TITLES.find((one) => one.mediaType === 'tv' && one.tmdbId === id)),
}

const PLAIN_URLS = {
  Radarr: { custom: '/list/radarr?by=tmdb', plexRss: '/rss/movies', stevenlu: '/list/radarr' },
  Sonarr: { custom: '/list/sonarr', plexRss: '/rss/tv' },
} as const

/** A second client's program list, or the address of a profile. */
function narrowed<Type extends string>(base: string, how: Narrowing, type: Type): ListSettings<Type> {
  const list = { name: 'list', type, url: base, apiKey: TOKEN }
  const folder = base === '/radarr' ? '/movies/' : '/tv/'
  if (how === 'profile') return { ...list, filters: { profileIds: [2] } }
  if (how === 'tag') return { ...list, filters: { tagIds: [1] } }
  return how === 'folder' ? { ...list, filters: { rootFolderPaths: [folder] } } : list
}

/**
 * A house with two Radarrs and two Sonarrs, each with one list, that clean at their worst; all of them tell what they do.
 * @param open opens the store, again after each stop
 */
export async function world(settings: Settings, open: (clock: ReturnType<typeof fixedClock>) => Promise<Storage>) {
  const clock = fixedClock()
  const numbers = numbersFrom(7)
  const server = simulatedServer({ clock, random: numbers, catalog: catalogueOf(TITLES), keepAnswers: true })
  await server.start(await open(clock))
  await server.useCases().changeFeedSettings({ profiles: [{ id: 1, name: 'HD' }, { name: '4K' }] })
  const book = ledger(KNOWN)
  const from = { transport: server.transport, clock }
  const { plain, narrowing } = settings
  const withToken = (url: string) => `${url}${url.includes('?') ? '&' : '?'}token=${TOKEN}`
  const radarr = (list: Parameters<typeof simulatedRadarr>[0]['lists'][number]) =>
    simulatedRadarr({ ...from, lookup: movies, cleanLevel: 'removeAndDelete', lists: [list] })
  const sonarr = (list: Parameters<typeof simulatedSonarr>[0]['lists'][number]) =>
    simulatedSonarr({ ...from, lookup: shows, cleanLevel: 'keepAndUnmonitor', lists: [list] })
  const clients = {
    Radarr: radarr(
      plain.Radarr === 'program'
        ? narrowed('/radarr', 'none', 'program')
        : { name: 'list', type: plain.Radarr, url: withToken(PLAIN_URLS.Radarr[plain.Radarr]) },
    ),
    Radarr4K: radarr(
      narrowing.Radarr4K === 'address'
        ? { name: 'list', type: 'custom', url: withToken('/list/radarr?by=tmdb&profile=2') }
        : narrowed('/radarr', narrowing.Radarr4K, 'program'),
    ),
    Sonarr: sonarr(
      plain.Sonarr === 'program'
        ? narrowed('/sonarr', 'none', 'program')
        : { name: 'list', type: plain.Sonarr, url: withToken(PLAIN_URLS.Sonarr[plain.Sonarr]) },
    ),
    Sonarr4K: sonarr(
      narrowing.Sonarr4K === 'address'
        ? { name: 'list', type: 'custom', url: withToken('/list/sonarr?profile=2') }
        : narrowed('/sonarr', narrowing.Sonarr4K, 'program'),
    ),
  }
  const state = { tagsHidden: false, retention: false, adminActed: false, wrong: [] as string[] }
  const narrowingOf = (client: Client): Narrowing =>
    client === 'Radarr4K' || client === 'Sonarr4K' ? narrowing[client] : 'none'

  /** A client's message; true when it was taken in. */
  async function say(client: Client, clientId: number, eventType: string, more: object = {}): Promise<boolean> {
    const isMovie = typeOf(client) === 'movie'
    const about = isMovie
      ? { movie: { tmdbId: clientId, title: 'x', year: 2015 } }
      : { series: { tvdbId: clientId, title: 'x' }, episodes: [{ seasonNumber: 1, episodeNumber: 1 }] }
    const body = { eventType, instanceName: client, applicationUrl: '', ...about, ...more }
    const status = await server.post(`/webhook/${isMovie ? 'radarr' : 'sonarr'}?token=${TOKEN}`, body)
    return status === 200
  }

  const view = (client: Client) => {
    const [list] = clients[client].lists
    const stored = list?.stored ?? []
    return new Set(
      stored.map((item) =>
        typeOf(client) === 'movie'
          ? item.tmdbId
          : (shows.byTvdbId(item.tvdbId)?.tvdbId ?? shows.byTmdbId(item.tmdbId)?.tvdbId ?? 0),
      ),
    )
  }

  async function deletes(client: Client, clientId: number): Promise<void> {
    const name = typeOf(client) === 'movie' ? 'MovieDelete' : 'SeriesDelete'
    const entries = book.entriesOf(typeOf(client), clientId).map(({ title }) => title)
    const isThere = (await server.storage().requests.findMany(entries)).some(isListed)
    if (!(await say(client, clientId, name, { deletedFiles: true })) || !isThere) return
    const how = narrowingOf(client)
    const rows = how === 'none' || how === 'address' ? view(client).size : undefined
    book.gaveUp(client, clientId, clock.now(), rows)
  }

  const isHere = async (client: Client, clientId: number) => {
    const entries = book.entriesOf(typeOf(client), clientId).map(({ title }) => title)
    return (await server.storage().requests.findMany(entries)).some((request) => request.status === 'available')
  }

  /** Lets every client read its list now, clean up and tell what it did; notes what no rule allows. */
  async function read(): Promise<void> {
    const { wrong } = state
    for (const client of CLIENTS) {
      const one = clients[client]
      const before = view(client)
      const had = new Set(one.library.keys())
      await one.tick('all')
      const after = view(client)
      const how = narrowingOf(client)
      const mayGo = async (id: number) =>
        book.mayBeOff(typeOf(client), id, how !== 'none') ||
        (state.tagsHidden && how === 'tag') ||
        (state.retention && (await isHere(client, id)))
      for (const id of before) if (!after.has(id) && !(await mayGo(id))) wrong.push(`${client} lost ${id}`)
      const isAddress = how === 'none' || how === 'address'
      if (isAddress && before.size > 0 && after.size === 0 && !state.adminActed) wrong.push(`${client}’s list is empty`)
      for (const id of had) {
        if (one.library.has(id)) continue
        if (!(await mayGo(id))) wrong.push(`${client} deleted ${id}`)
        await deletes(client, id)
      }
      for (const id of one.library.keys()) {
        if (had.has(id)) continue
        const isTaken = await say(client, id, typeOf(client) === 'movie' ? 'MovieAdded' : 'SeriesAdd')
        if (isTaken) book.named(client, id, false)
      }
    }
  }

  return {
    clock,
    server,
    clients,
    book,
    state,
    say,
    deletes,
    read,
    admin: { name: 'Ada', role: 'admin' } satisfies Session,
    async restart(): Promise<void> {
      await server.stop()
      await server.start(await open(clock))
    },
  }
}

export type World = Awaited<ReturnType<typeof world>>
