import type { LibraryItem, MediaType } from '../../packages/core/src/index.ts'
import { CLIENTS, type Client, type Known, typeOf } from './ledger.ts'
import { KNOWN, PEOPLE, type World } from './world.ts'

/** What is drawn of a step: numbers that it makes of what it needs. */
export interface Draw {
  step: keyof typeof STEPS
  who: number
  which: number
  how: number
}

const MINUTE = 60_000
const pick = <One>(all: readonly One[], number: number): One | undefined => all[number % Math.max(1, all.length)]
const titleOf = ({ which }: Draw): Known => pick(KNOWN, which) ?? { mediaType: 'movie', tmdbId: 1, clientId: 1 }
const personOf = ({ who }: Draw) => ({ name: pick(PEOPLE, who) ?? 'Ann', role: 'household' as const })
const clientOf = ({ who }: Draw): Client => pick(CLIENTS, who) ?? 'Radarr'
/** A title that a client has. */
const heldBy = ({ clients }: World, draw: Draw): number | undefined =>
  pick([...clients[clientOf(draw)].library.keys()], draw.which)

/** Everything that may happen between two reads. */
export const STEPS = {
  async asks({ server, book }: World, draw: Draw) {
    const key = titleOf(draw)
    const before = await server.storage().requests.find(key)
    const { kind } = await server
      .useCases()
      .requestTitle({ key, by: personOf(draw), qualityProfileId: 1 + (draw.how % 2) })
    if (kind === 'added' || kind === 'renewed' || kind === 'exists' || kind === 'merged') {
      book.requested(key, kind, before?.status === 'gone')
    }
  },

  async follows({ server }: World, draw: Draw) {
    await server.useCases().followRequest(titleOf(draw), personOf(draw), draw.how % 2 === 0)
  },

  async cancels({ server, book, admin }: World, draw: Draw) {
    const key = titleOf(draw)
    const outcome = await server.useCases().withdrawRequest(key, draw.how % 2 === 0 ? admin : personOf(draw))
    if (outcome.kind === 'withdrawn' && !outcome.stillListed && !book.story(key).came) book.release(key, 'canceled')
  },

  async brings({ book, say, ...world }: World, draw: Draw) {
    const client = clientOf(draw)
    const id = heldBy({ book, say, ...world }, draw)
    if (id !== undefined && (await say(client, id, 'Download'))) book.named(client, id, true)
  },

  async grabs({ book, say, ...world }: World, draw: Draw) {
    const client = clientOf(draw)
    const id = heldBy({ book, say, ...world }, draw)
    if (id !== undefined && (await say(client, id, 'Grab'))) book.named(client, id, false)
  },

  async losesFiles(world: World, draw: Draw) {
    const client = clientOf(draw)
    const held = [...world.clients[client].library.keys()]
    const name = typeOf(client) === 'movie' ? 'MovieFileDelete' : 'EpisodeFileDelete'
    const deleteReason = draw.how % 2 === 0 ? 'missingFromDisk' : 'manual'
    for (const id of held.slice(0, 1 + (draw.how % 5))) await world.say(client, id, name, { deleteReason })
  },

  async deletes(world: World, draw: Draw) {
    const client = clientOf(draw)
    const id = heldBy(world, draw)
    if (id === undefined) return
    world.clients[client].library.delete(id)
    await world.deletes(client, id)
  },

  async deletesMany(world: World, draw: Draw) {
    const client = clientOf(draw)
    for (const id of [...world.clients[client].library.keys()].slice(0, 2 + (draw.how % 7))) {
      world.clients[client].library.delete(id)
      await world.deletes(client, id)
      world.clock.advance(MINUTE)
    }
  },

  /** A media server counts what it has: nothing that the draw leaves out. */
  async counts({ server, book, clients }: World, draw: Draw) {
    for (const type of ['movie', 'tv'] satisfies MediaType[]) {
      const ids = new Set(
        CLIENTS.filter((one) => typeOf(one) === type).flatMap((one) => [...clients[one].library.keys()]),
      )
      const present = [...ids].filter((id) => (id + draw.which) % (2 + (draw.how % 3)) !== 0)
      const items = present.flatMap((id): LibraryItem[] => {
        const [entry] = book.entriesOf(type, id)
        if (!entry) return []
        const { mediaType, tmdbId } = entry.title
        return [
          { mediaType, tmdbId, ...(type === 'tv' && { tvdbId: id, seasons: [{ seasonNumber: 1, episodes: 2 }] }) },
        ]
      })
      await server.useCases().syncLibrary(type, items, { clear: true, confirm: true })
      for (const id of present) for (const story of book.entriesOf(type, id)) story.came = true
    }
  },

  async removes({ server, book, state }: World, draw: Draw) {
    const key = titleOf(draw)
    if (!(await server.useCases().removeRequest(key))) return
    book.release(key, 'by the admin')
    state.adminActed = true
  },

  async answers({ server, book, state }: World, draw: Draw) {
    for (const { app, requests } of await server.useCases().deletionQuestions()) {
      const isKept = draw.how % 2 === 0
      await server.useCases().answerDeletions(app, isKept ? 'keep' : 'remove', requests.length)
      for (const request of requests) {
        const title = KNOWN.find((one) => one.mediaType === request.mediaType && one.tmdbId === request.tmdbId)
        if (!title) continue
        if (isKept) book.requested(title, 'renewed', true)
        else book.release(title, 'by the admin')
      }
      state.adminActed ||= !isKept
    }
  },

  async moves({ server }: World, draw: Draw) {
    const rootFolders = {
      movie: pick(['/movies', '/cinema', '/films'], draw.which) ?? '',
      tv: pick(['/tv', '/series'], draw.how) ?? '',
    }
    const { settings } = await server.useCases().viewFeedSettings()
    const profiles = settings.profiles.map(({ name }, place) => ({
      id: place + 1,
      name,
      ...(place === draw.who % 2 && { rootFolders }),
    }))
    await server.useCases().changeFeedSettings({ profiles, defaultProfileId: 1 + (draw.how % 2) })
  },

  async hidesTags({ server, state }: World, draw: Draw) {
    state.tagsHidden = draw.how % 2 === 0
    await server.useCases().changeFeedSettings({ tagsHidden: state.tagsHidden, confirmed: true })
  },

  async keeps({ server, state }: World, draw: Draw) {
    if (draw.how % 2 === 0) state.retention = true
    await server.useCases().changeFeedSettings({ keepArrivedDays: draw.how % 2 === 0 ? 1 : null })
  },

  async works({ server, clock }: World) {
    await server.useCases().runDaily(clock.now() + 60 * MINUTE)
  },

  async restarts(world: World) {
    await world.restart()
  },

  async fails({ server, read }: World, draw: Draw) {
    server.state.trouble = draw.how % 2 === 0 ? 'down' : 'failing reads'
    try {
      await read()
    } finally {
      server.state.trouble = 'none'
    }
  },

  async waits({ clock }: World, draw: Draw) {
    clock.advance((pick([16, 61, 600, 3 * 1440], draw.how) ?? 16) * MINUTE)
  },
}
