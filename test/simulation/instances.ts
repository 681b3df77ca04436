import type { CatalogTitle } from '../../packages/core/src/index.ts'
import type { simulatedRadarr, simulatedSonarr } from '../clients/index.ts'
import { type Agenda, HOUR } from './agenda.ts'
import { type SimulatedServer, TOKEN } from './server.ts'
import { clientIdOf } from './titles.ts'

export type Radarr = ReturnType<typeof simulatedRadarr>
export type Sonarr = ReturnType<typeof simulatedSonarr>

/** What each calls the same thing. */
const WORDS = {
  radarr: { title: 'movie', added: 'MovieAdded', deleted: 'MovieDelete', lost: 'MovieFileDelete' },
  sonarr: { title: 'series', added: 'SeriesAdd', deleted: 'SeriesDelete', lost: 'EpisodeFileDelete' },
} as const

/** Every season of the catalogue has so many episodes. */
const EPISODES = 8

type Client = { app: 'radarr'; client: Radarr } | { app: 'sonarr'; client: Sonarr }

/**
 * A Radarr or Sonarr that has files and tells the app by its webhook what becomes of its titles. What the server does not
 * hear is not said again, as with the real ones.
 * @param options.titleOf the title of one of its ids
 */
export function speaking(
  { app, client }: Client,
  options: {
    name: string
    server: SimulatedServer
    clock: { now(): number }
    agenda: Agenda
    random(): number
    titleOf(id: number): CatalogTitle | undefined
  },
) {
  const { name, server, clock, agenda, random } = options
  const words = WORDS[app]
  /** What it has told that it has taken on, by its id. */
  const told = new Map<number, { addedAt: number }>()
  /** Numbers of the seasons of which it has all episodes; of a movie none. */
  const files = new Map<number, number[]>()
  /** Files on a disk that is not there just now. */
  const away = new Map<number, number[]>()

  async function say(id: number, message: { eventType: string; seasons?: number[] } & Record<string, unknown>) {
    if (server.state.trouble === 'down') return
    const { seasons, ...rest } = message
    const known = options.titleOf(id)
    if (!known) return
    const { title, year, tmdbId, imdbId } = known
    const ids = app === 'radarr' ? { tmdbId } : { tvdbId: id, tmdbId }
    const status = await server.post(`/webhook/${app}?token=${TOKEN}`, {
      ...{ ...rest, instanceName: name, applicationUrl: '' },
      [words.title]: { id, title, year, imdbId, ...ids },
      ...(app === 'sonarr' && seasons && { episodes: seasons.flatMap(episodesOf) }),
    })
    if (status !== 200) throw new Error(`${name}: ${message.eventType} of ${title} was answered with ${status}`)
  }

  /** The seasons that it looks for; undefined where it looks for nothing. */
  function wanted(id: number): number[] | undefined {
    if (app === 'radarr') return client.library.get(id)?.monitored ? [] : undefined
    const show = client.library.get(id)
    const seasons = show?.monitored ? show.chosen.flatMap((one) => (one.monitored ? one.seasonNumber : [])) : []
    return seasons.length > 0 ? seasons : undefined
  }

  async function arrive(id: number, record: object): Promise<void> {
    const seasons = wanted(id)
    if (client.library.get(id) !== record || !seasons) return
    files.set(id, seasons)
    await say(id, { eventType: 'Download', seasons, isUpgrade: false })
  }

  async function takeOn(id: number, record: { addedAt: number }): Promise<void> {
    told.set(id, record)
    await say(id, { eventType: words.added })
    agenda.at(clock.now() + (1 + random() * 20) * HOUR, () => arrive(id, record))
  }

  async function giveUp(id: number): Promise<void> {
    for (const kept of [told, files, away]) kept.delete(id)
    await say(id, { eventType: words.deleted, deletedFiles: true })
  }

  return {
    name,
    app,
    holds: (title: CatalogTitle) => client.library.has(clientIdOf(title)),
    /** The seasons that it has of a title; undefined when it has nothing. */
    filesOf: (title: CatalogTitle) => files.get(clientIdOf(title)),

    /** What its scheduler does, and the messages that follow. */
    async tick(): Promise<void> {
      await client.tick()
      for (const id of [...told.keys()]) if (!client.library.has(id)) await giveUp(id)
      for (const [id, record] of [...client.library]) if (!told.has(id)) await takeOn(id, record)
    },

    /** A person deletes a title there, with its files; with `excludes` its lists do not bring it again. */
    async remove(title: CatalogTitle, { excludes }: { excludes: boolean }): Promise<void> {
      const id = clientIdOf(title)
      if (!client.library.delete(id)) return
      if (excludes) client.excluded.add(id)
      await giveUp(id)
    },

    /** Its lists may bring a title again. */
    allow: (title: CatalogTitle) => client.excluded.delete(clientIdOf(title)),

    /** The disk with a title's files is not there. */
    async loseFiles(title: CatalogTitle): Promise<void> {
      const id = clientIdOf(title)
      const seasons = files.get(id)
      if (!seasons) return
      files.delete(id)
      away.set(id, seasons)
      await say(id, { eventType: words.lost, seasons, deleteReason: 'missingFromDisk' })
    },

    /** The disk is there again: it finds the files and says nothing. */
    findFiles(title: CatalogTitle): void {
      const id = clientIdOf(title)
      const seasons = away.get(id)
      if (!seasons) return
      away.delete(id)
      files.set(id, seasons)
    },
  }
}

export type Instance = ReturnType<typeof speaking>

const episodesOf = (seasonNumber: number) =>
  Array.from({ length: EPISODES }, (_, n) => ({ seasonNumber, episodeNumber: n + 1, title: 'TBA' }))
