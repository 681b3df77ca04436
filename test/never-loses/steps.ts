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
const knownOf = (key: Pick<Known, 'mediaType' | 'tmdbId'>) =>
  KNOWN.find((one) => one.mediaType === key.mediaType && one.tmdbId === key.tmdbId)
const personOf = ({ who }: Draw) => ({ name: pick(PEOPLE, who) ?? 'Ann', role: 'household' as const })
const clientOf = ({ who }: Draw): Client => pick(CLIENTS, who) ?? 'Radarr'
/** A title that a client has. */
const heldBy = ({ clients }: World, draw: Draw): number | undefined =>
  pick([...clients[clientOf(draw)].library.keys()], draw.which)

/** The requests that people see, newest first. */
const shown = async ({ useCases }: World['server']) =>
  (await useCases().everyRequest()).filter(({ withdrawnAt }) => withdrawnAt === undefined)

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
    const key = pick(await shown(server), draw.which)
    if (key) await server.useCases().followRequest(key, personOf(draw), true)
  },

  async stopsFollowing({ server }: World, draw: Draw) {
    const all = await shown(server)
    const following = all.flatMap((request) => request.followers.map((name) => ({ request, name })))
    const one = pick(following, draw.which)
    if (one) await server.useCases().followRequest(one.request, { name: one.name, role: 'household' }, false)
  },

  async cancels({ server, book, admin }: World, draw: Draw) {
    const key = pick(await shown(server), draw.which)
    if (!key) return
    const by = draw.how % 2 === 0 ? admin : { name: key.requestedBy, role: 'household' as const }
    const outcome = await server.useCases().withdrawRequest(key, by)
    const title = knownOf(key)
    if (title && outcome.kind === 'withdrawn' && !outcome.stillListed && !book.story(title).came) {
      book.release(title, 'canceled')
    }
  },

  /** Somebody else wants what was canceled. */
  async asksAgain({ server, book }: World, draw: Draw) {
    const all = await server.storage().requests.list({})
    const key = pick(
      all.filter((request) => request.withdrawnAt !== undefined || request.status === 'gone'),
      draw.which,
    )
    const title = key && knownOf(key)
    if (!title) return
    const { kind } = await server
      .useCases()
      .requestTitle({ key: title, by: personOf(draw), qualityProfileId: 1 + (draw.how % 2) })
    if (kind === 'renewed') book.requested(title, kind, key.status === 'gone')
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
        const entries = book.entriesOf(type, id)
        // A media server has the entry that somebody asked for.
        const entry = entries.find((story) => story.asked) ?? entries[0]
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
        const title = knownOf(request)
        if (!title) continue
        if (isKept) book.requested(title, 'renewed', true)
        else book.release(title, 'by the admin')
      }
      book.answered(app === 'radarr' ? 'movie' : 'tv')
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
