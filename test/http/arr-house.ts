import { type FakePush, startFakePush } from '@stellarr/gateways/testing'
import { afterAll, beforeAll } from 'vitest'
import { addMovie, type Instance, radarrMessage, send } from './arr-messages.ts'
import { ADMIN, call, type Deployment, FEED_TOKEN, openDeployment, signIn } from './deployment.ts'

/** A row of a program list. */
interface ListRow {
  tmdbId: number
  tags: number[]
  rootFolderPath: string
}

interface Opened {
  app: Deployment
  push: FakePush
  ann: string
  bob: string
  admin: string
}

/**
 * A deployment for a `describe` of its own, and what its people and Radarr do there: what clients have read and deleted
 * in one is of no concern to another.
 */
export function useArrHouse() {
  let opened: Opened | undefined
  beforeAll(async () => {
    const push = await startFakePush()
    const app = await openDeployment({ PUSH_HOSTS: push.host })
    const [ann, bob] = await Promise.all([signIn(app.url, 'Ann'), signIn(app.url, 'Bob')])
    opened = { app, push, ann, bob, admin: await signIn(app.url, 'Op', ADMIN) }
  })
  afterAll(async () => {
    await opened?.app.close()
    await opened?.push.close()
  })
  const house = () => {
    if (!opened) throw new Error('the house opens when the tests begin')
    return opened
  }

  const request = (tmdb_id: number, { token = house().ann, ...more }: { token?: string; media_type?: string } = {}) =>
    call(house().app.url, '/api/request', { token, json: { tmdb_id, media_type: 'movie', ...more } })
  const radarr = (event: string, tmdbId: number, by?: Instance, more?: object) =>
    send(house().app, 'radarr', radarrMessage(event, tmdbId, by, more))
  /** Reads something as Radarr or Sonarr does. */
  const read = async (path: string) =>
    (await call(house().app.url, path, { headers: { 'x-api-key': FEED_TOKEN } })).body
  /** Radarr's list, which has been read then. */
  const list = (): Promise<ListRow[]> => read('/radarr/api/v3/movie')

  return {
    house,
    request,
    radarr,
    read,
    list,
    /** Ids in Radarr's list, which has been read then. */
    listed: async () => (await list()).map(({ tmdbId }) => tmdbId),
    /** A request as people see it. */
    async row(tmdbId: number) {
      const { body } = await call(house().app.url, '/api/requests', { token: house().ann })
      return body.requests.find((one: { tmdb_id: number }) => one.tmdb_id === tmdbId)
    },
    /** Requests movies of the catalogue, which come by one Radarr. */
    async arrive(ids: readonly number[], by?: Instance) {
      for (const id of ids) {
        await request(addMovie(house().app, id))
        await radarr('Download', id, by)
      }
    },
  }
}
