import { createHash, pbkdf2Sync } from 'node:crypto'
import type { Instance } from '../../local/instance.ts'
import type { OperationName } from '../measured.ts'
import { titleOf } from './catalogue-stand-in.ts'
import {
  BASE_URL,
  FEED_TOKEN,
  type Household,
  libraryItems,
  PASSWORD,
  RADARR_TOKEN,
  SONARR_TOKEN,
  SYNC_TOKEN,
} from './household.ts'

export interface Operation {
  name: OperationName
  what: string
  /** Requests of one after another, as one step of the bench; `n` is another at each. */
  run(instance: Instance, n: number): Promise<unknown>
  /** What must be so before, and is not counted. */
  prepare?(helper: Instance, n: number): Promise<unknown>
}

/** How many items a page of a sync has (the library agent's). */
const PAGE = 2_000
export const LARGE_LIBRARY = 5_000
const CHANGED = 100

/** The second of the next sign-in: earlier at each, since a challenge counts once. */
let second = Math.floor(Date.now() / 1_000)
let key: string | undefined

/** Signs in, as the web app does. */
export async function signIn(household: Household, instance: Instance, name: string): Promise<string> {
  await household.ask(instance, { path: '/api/auth/params' })
  key ??= pbkdf2Sync(PASSWORD, BASE_URL, 100_000, 32, 'sha256').toString('hex')
  second -= 1
  const timestamp = second
  const hash = createHash('sha256').update(`${key}:${timestamp}`).digest('hex')
  const json = { origin: BASE_URL, timestamp, hash, name }
  const { body } = await household.ask(instance, { path: '/api/auth/verify', json })
  const { token } = JSON.parse(body) as { token: string }
  return token
}

const program = (path: string) => {
  const app = path.includes('/sonarr') ? 'Sonarr/4.0.9.2244' : 'Radarr/5.1.3.8246'
  return { 'x-api-key': FEED_TOKEN, 'user-agent': app }
}
const sync = { 'x-api-key': SYNC_TOKEN }

async function sendLibrary(household: Household, instance: Instance, from: number, count: number) {
  const begin = { media_type: 'movie', source: 'plex' }
  const { body } = await household.ask(instance, { path: '/sync/library/begin', headers: sync, json: begin })
  const { sync_id: id } = JSON.parse(body) as { sync_id: string }
  const items = libraryItems(from, count).map(({ tmdbId, title }) => ({ tmdb_id: tmdbId, title }))
  let pages = 0
  for (; pages * PAGE < count; pages += 1) {
    const json = items.slice(pages * PAGE, (pages + 1) * PAGE)
    const path = `/sync/library/${id}/pages/${pages}`
    await household.ask(instance, { method: 'PUT', path, headers: sync, json })
  }
  await household.ask(instance, { path: `/sync/library/${id}/commit`, headers: sync, json: { pages } })
}

/** What clients and programs ask. */
export function programOperations(household: Household): Operation[] {
  /** A new instance notes the read, one that runs already has done so within five minutes. */
  const feed = (name: OperationName, what: string, path: string): Operation => ({
    name,
    what,
    prepare: () => household.ageReaders(),
    run: (instance) => household.ask(instance, { path, headers: program(path) }),
  })
  return [
    feed('radarrProgramList', 'Radarr reads its program list (50 movies)', '/radarr/api/v3/movie'),
    feed('sonarrProgramList', 'Sonarr reads its program list (50 series)', '/sonarr/api/v3/series'),
    feed('stevenLuList', 'Radarr reads its StevenLu list (50 movies)', '/list/radarr'),
    feed('radarrCustomList', 'Radarr reads its custom list (50 movies)', '/list/radarr?by=tmdb'),
    feed('sonarrCustomList', 'Sonarr reads its custom list (50 series)', '/list/sonarr'),
    {
      name: 'syncUnchanged',
      what: 'A library of 5,000 titles is sent in three pages, and nothing has changed',
      prepare: (helper, n) => (n === 1 ? sendLibrary(household, helper, 1, LARGE_LIBRARY) : Promise.resolve()),
      run: (instance) => sendLibrary(household, instance, 1, LARGE_LIBRARY),
    },
  ]
}

/** A sync that changes something moves the library on, so it has a household of its own. */
export function changingOperations(household: Household): Operation[] {
  return [
    {
      name: 'syncChanged',
      what: `A library of 5,000 titles is sent in three pages: ${CHANGED} titles have come and ${CHANGED} have gone`,
      prepare: (helper, n) => (n === 1 ? sendLibrary(household, helper, 1, LARGE_LIBRARY) : Promise.resolve()),
      run: (instance, n) => sendLibrary(household, instance, 1 + n * CHANGED, LARGE_LIBRARY),
    },
  ]
}

/** What people ask, signed in. */
export function peopleOperations(household: Household, token: string): Operation[] {
  const headers = { authorization: `Bearer ${token}` }
  const ask = (instance: Instance, path: string, json?: unknown) => household.ask(instance, { path, headers, json })
  let tag = ''
  const learnTag = async (helper: Instance) => {
    tag = (await ask(helper, '/api/library-status')).headers.etag ?? ''
  }
  const askWhatChanged = (instance: Instance) =>
    household.ask(instance, { path: '/api/library-status', headers: { ...headers, 'if-none-match': tag } }, 304)
  /** Something of the requests has changed since they were read: what an instance keeps of them is of no use. */
  const changeRequests = (tmdbId: number) => (helper: Instance, n: number) =>
    household.ask(helper, {
      path: `/api/request/movie/${tmdbId}/follow`,
      method: n % 2 === 1 ? 'POST' : 'DELETE',
      headers,
    })
  return [
    {
      name: 'signIn',
      what: 'Somebody signs in',
      run: (instance, n) => signIn(household, instance, `Person ${n % 4}`),
    },
    {
      name: 'openApp',
      what: 'The app is opened and asks what has changed since: nothing',
      prepare: learnTag,
      async run(instance) {
        await household.ask(instance, { path: '/api/auth/params' })
        await askWhatChanged(instance)
      },
    },
    {
      name: 'openPage',
      what: 'An open page asks what has changed since: nothing',
      prepare: learnTag,
      run: askWhatChanged,
    },
    {
      name: 'libraryStatus5000',
      what: 'The household’s status is read anew: 100 requests, 5,000 titles in the library',
      prepare: changeRequests(1_000_002),
      run: (instance) => ask(instance, '/api/library-status'),
    },
    {
      name: 'requestsPage',
      what: 'The page of requests is opened (100)',
      prepare: changeRequests(1_000_004),
      run: (instance) => ask(instance, '/api/requests'),
    },
    {
      name: 'search',
      what: 'A search finds twenty titles',
      run: (instance, n) => ask(instance, '/api/search', { query: `a title ${n}` }),
    },
    { name: 'title', what: 'A series is opened', run: (instance, n) => ask(instance, `/api/title/tv/${20_000 + n}`) },
    {
      name: 'addRequest',
      what: 'A series is asked for',
      run: (instance, n) =>
        ask(instance, '/api/request', { tmdb_id: 30_000 + n, media_type: 'tv', seasons: 'all', future_seasons: true }),
    },
  ]
}

/** What Radarr and Sonarr tell; Ann has asked, and has one device. */
export function webhookOperations(household: Household, token: string): Operation[] {
  const headers = { authorization: `Bearer ${token}` }
  const request = (helper: Instance, tmdb_id: number, media_type: string) =>
    household.ask(helper, { path: '/api/request', headers, json: { tmdb_id, media_type } })
  const radarr = (instance: Instance, eventType: string, id: number) =>
    household.ask(instance, {
      path: `/webhook/radarr?token=${RADARR_TOKEN}`,
      json: { eventType, movie: { id, title: titleOf(id), year: 2024, tmdbId: id } },
    })
  const movie = (name: OperationName, what: string, base: number, told: string, before: string[] = []): Operation => ({
    name,
    what,
    async prepare(helper, n) {
      await request(helper, base + n, 'movie')
      for (const event of before) await radarr(helper, event, base + n)
    },
    run: (instance, n) => radarr(instance, told, base + n),
  })
  return [
    {
      name: 'webhookEpisode',
      what: 'Sonarr tells that an episode is here',
      prepare: (helper, n) => (n % 10 === 1 ? request(helper, 70_000 + n, 'tv') : Promise.resolve()),
      run(instance, n) {
        const series = 70_000 + n - ((n - 1) % 10)
        const episodes = [{ id: n, seasonNumber: 1, episodeNumber: 1 + ((n - 1) % 10) }]
        const told = { id: 1, title: titleOf(series), tvdbId: series + 100_000, year: 2020 }
        return household.ask(instance, {
          path: `/webhook/sonarr?token=${SONARR_TOKEN}`,
          json: { eventType: 'Download', series: told, episodes },
        })
      },
    },
    movie(
      'webhookPickedUp',
      'Radarr tells that it has taken a movie on, and a device gets a message',
      40_000,
      'MovieAdded',
    ),
    movie('webhookDownloading', 'Radarr tells that it fetches a movie', 50_000, 'Grab', ['MovieAdded']),
    movie('webhookArrived', 'Radarr tells that a movie is here, and a device gets a message', 60_000, 'Download', [
      'MovieAdded',
      'Grab',
    ]),
  ]
}
