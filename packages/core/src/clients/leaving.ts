import { type Clock, pacer, type SettingsStore, type Turns } from '../base/index.ts'
import {
  type ClientRef,
  type GivenUp,
  isListed,
  type LeavingLists,
  type MediaRequest,
  type MediaRequestRepository,
  type RequestOutline,
  requestSlices,
} from '../requests/index.ts'
import { isOfClient } from '../requests/rules/index.ts'
import type { FeedSettingsUseCases } from '../routing/index.ts'
import { keyText, MEDIA_TYPES, type MediaType, type TitleKey } from '../titles/index.ts'
import type { ReaderUseCases } from './readers.ts'
import {
  COUNTED_MS,
  type HeardClient,
  heardAs,
  heardBy,
  isMany,
  isOngoing,
  MOST_DELETIONS,
  parseHeard,
  withClient,
  withDeletion,
} from './rules/deletions.ts'
import { addressText, couldBeAt, FEEDS, type FeedAddress, isAt, parseAddress } from './rules/feeds.ts'

/** Where the clients that were heard lie among the store's settings. */
export const HEARD_CLIENTS = 'heard-clients'

type App = HeardClient['app']
const typeOf = (app: App): MediaType => (app === 'radarr' ? 'movie' : 'tv')
const appOf = (type: MediaType): App => (type === 'movie' ? 'radarr' : 'sonarr')

/** What the admin is asked when a client has deleted more than a person does. */
export interface DeletionQuestion {
  app: App
  /** Titles that are gone and stay in the lists until the admin answers. */
  requests: RequestOutline[]
  /** Rows that the client had read. */
  of: number
}

/** More deletions than a person makes. */
interface Many {
  /** What left the lists before. */
  before: readonly TitleKey[]
  /** Notes that the admin is asked. */
  ask(): Promise<void>
}

export type DeletionAnswer =
  | { kind: 'done'; left: number; stayed: number }
  /** The count given is not how many there are. */
  | { kind: 'other_count'; count: number }
  | { kind: 'nothing_asked' }

/**
 * All ways by which a title leaves the lists, one at a time: what has been read leaves them only when its client gave it
 * up, when a person cancels it, or at the admin's word.
 */
export function leavingUseCases(deps: {
  requests: MediaRequestRepository
  settings: SettingsStore
  feedSettings: FeedSettingsUseCases
  readers: Pick<ReaderUseCases, 'feedReaders'>
  turns: Turns
  clock: Clock
}) {
  const { feedSettings, requests } = deps
  /** Ids that are stored already, so that a message of a known client costs nothing. */
  const known = new Set<string>()

  const oneAtATime = <Result>(work: () => Promise<Result>) => deps.turns.take('leave-feeds', work)

  /** The addresses of which a client has read rows. */
  async function readAddresses(): Promise<FeedAddress[]> {
    const { settings } = await feedSettings.load()
    return settings.read.flatMap((text) => parseAddress(text) ?? [])
  }

  /**
   * Those of the addresses that have no row, some requests left out of account. Reads no further than it has to: each
   * address is answered by the first row of it.
   * @param without by `keyText`
   */
  async function emptyAmong(addresses: readonly FeedAddress[], without: ReadonlySet<string>): Promise<FeedAddress[]> {
    let empty = [...addresses]
    for (const type of MEDIA_TYPES) {
      const isOpen = ({ feed }: FeedAddress) => FEEDS[feed].types.includes(type)
      if (!empty.some(isOpen)) continue
      for await (const slice of requestSlices(requests, type)) {
        const others = slice.filter((one) => !without.has(keyText(one)))
        empty = empty.filter((address) => !others.some((other) => isAt(address, other)))
        if (!empty.some(isOpen)) break
      }
    }
    return empty
  }

  /** Those of some requests that are the last row of an address that was read once those before them left. By `keyText`. */
  async function lastRows(leaving: readonly MediaRequest[]): Promise<Set<string>> {
    const addresses = (await readAddresses()).filter((address) => leaving.some((one) => isAt(address, one)))
    // An address with another row is left to that one.
    const bare = (await emptyAmong(addresses, new Set(leaving.map(keyText)))).map((address) => ({
      address,
      rows: leaving.filter((one) => isAt(address, one)).length,
    }))
    const last = new Set<string>()
    for (const request of leaving) {
      const concerned = bare.filter(({ address }) => isAt(address, request))
      if (concerned.some(({ rows }) => rows === 1)) last.add(keyText(request))
      else for (const one of concerned) one.rows -= 1
    }
    return last
  }

  const isLastRow = async (request: MediaRequest) => (await lastRows([request])).size > 0

  /** Addresses that had rows when a client read them and have none now. @param all requests, where they are read already */
  async function emptiedAddresses(all?: readonly RequestOutline[]): Promise<string[]> {
    const { settings } = await feedSettings.load()
    const addresses = settings.read.flatMap((text) => parseAddress(text) ?? [])
    const empty = all
      ? addresses.filter((address) => !all.some((request) => isAt(address, request)))
      : await emptyAmong(addresses, new Set())
    const names = new Set(empty.map(addressText))
    return settings.read.filter((text) => {
      const address = parseAddress(text)
      return !address || names.has(addressText(address))
    })
  }

  async function unmarkEmpty(): Promise<void> {
    const empty = await emptiedAddresses()
    if (empty.length > 0) await feedSettings.unmarkRead(empty)
  }

  const update = (change: (clients: HeardClient[]) => HeardClient[]) =>
    deps.settings.update(HEARD_CLIENTS, (stored) => {
      const before = parseHeard(stored)
      const after = JSON.stringify(change(before))
      return stored !== undefined && after === JSON.stringify(before) ? stored : after
    })
  const heardClients = async () => parseHeard(await deps.settings.get(HEARD_CLIENTS))

  /**
   * Counts a deletion. When it is more than a person makes, answers what left before in the hour, and how to note that the
   * admin is asked: last, so that whoever dies before it is asked about all of it at the next deletion.
   */
  async function countDeletion(client: ClientRef, title: MediaRequest): Promise<Many | undefined> {
    const app = appOf(title.mediaType)
    const now = deps.clock.now()
    const stored = await update((all) => {
      const clients = withClient(heardBy(all, now), client.id, app)
      return withDeletion(clients, heardAs(clients, client.id, app), keyText(title), now)
    })
    const all = parseHeard(stored)
    const id = heardAs(all, client.id, app)
    // Of those that were asked about, or given up with them by another client.
    const givers = [id, ...giversOf(title, now).map((other) => heardAs(all, other, app))]
    const isAsked = all.some((one) => isOngoing(one, now) && givers.includes(one.id))
    if (isAsked) return { before: [], ask: async () => {} }
    const heard = all.find((one) => one.id === id)
    const keys = (heard?.deletions ?? []).map((one) => keyOf(one.title))
    if (!isMany(keys.length, 0)) return undefined
    const rows = [...(await rowsRead(app, keys))].filter(([, of]) => isMany(keys.length, of))
    const deleted = rows.length === 0 ? [] : await requests.findMany(keys)
    const countAt = (address: FeedAddress) => deleted.filter((one) => couldBeAt(address, one)).length
    const counted = rows.filter(([address, of]) => keys.length >= MOST_DELETIONS || isMany(countAt(address), of))
    if (counted.length === 0) return undefined
    const asked = { of: Math.max(...counted.map(([, of]) => of)), at: now }
    return {
      before: deleted.filter((one) => one.status === 'gone' && keyText(one) !== keyText(title)),
      async ask() {
        await update((all) => all.map((one) => (one.id === id ? { ...one, deletions: [], asked } : one)))
      },
    }
  }

  /** How many rows each list of an app had when it was last read, by whom ever. */
  async function rowsRead(app: App, deleted: readonly TitleKey[]): Promise<Map<FeedAddress, number>> {
    const [addresses, readers] = await Promise.all([readAddresses(), deps.readers.feedReaders()])
    const rows = new Map<FeedAddress, number>()
    /** Reads that could not be noted: what they held, as far as that can be known. */
    const unknown = new Map<FeedAddress, Set<string>>()
    for (const address of addresses.filter(({ feed }) => FEEDS[feed].types.includes(typeOf(app)))) {
      // They come newest first.
      const last = readers.find((reader) => addressText(reader) === addressText(address))
      if (last) rows.set(address, last.rows)
      else unknown.set(address, new Set(deleted.map(keyText)))
    }
    if (unknown.size === 0) return rows
    for await (const slice of requestSlices(requests, typeOf(app))) {
      for (const [address, present] of unknown) {
        for (const one of slice) if (isAt(address, one)) present.add(keyText(one))
      }
    }
    for (const [address, present] of unknown) rows.set(address, present.size)
    return rows
  }

  /** What is gone of an app's titles and waits for the admin. */
  const waitingAmong = <Row extends RequestOutline>(all: readonly Row[], app: App): Row[] =>
    all.filter(({ mediaType, status, kept }) => {
      return mediaType === typeOf(app) && status === 'gone' && kept === 'many_deletions'
    })

  /** Says of requests that are gone whether they stay listed. */
  const keep = (all: readonly TitleKey[], keptOf: (request: TitleKey) => MediaRequest['kept']) =>
    requests.advanceMany(
      all.map((key) => ({
        key,
        event: { status: 'kept', source: 'person', at: deps.clock.now(), kept: keptOf(key) },
      })),
    )

  const leaving: LeavingLists = {
    leaveFeeds: (request, leave) => oneAtATime(async () => ((await isLastRow(request)) ? undefined : leave())),

    leaveForGood: (leave) =>
      oneAtATime(async () => {
        const result = await leave()
        await unmarkEmpty()
        return result
      }),

    async heard({ id }, app) {
      if (known.has(id)) return
      await update((all) => withClient(all, id, app))
      known.add(id)
    },

    givenUp: (all, client, leave) =>
      oneAtATime(async () => {
        const title = all.find(isListed)
        const many = title && client ? await countDeletion(client, title) : undefined
        if (many) await keep(many.before, () => 'many_deletions')
        const others = client && title ? await heardClients() : []
        const results: Awaited<ReturnType<typeof leave>>[] = []
        for (const request of all) {
          const words = request.clients ?? []
          const found: GivenUp = {
            othersHeard: others.some(
              ({ id, app }) =>
                app === appOf(request.mediaType) &&
                !(client && isOfClient(id, client)) &&
                !words.some((word) => word.client === id),
            ),
          }
          if (many) found.kept = 'many_deletions'
          else if (isListed(request) && (await isLastRow(request))) found.kept = 'last_row'
          results.push(await leave(request, found))
        }
        await many?.ask()
        return results
      }),
  }

  return {
    ...leaving,
    emptiedAddresses,
    /** Takes the marks of emptied addresses off: the admin says that they are meant to be empty. */
    unmarkEmpty: () => oneAtATime(unmarkEmpty),

    /** What the admin is asked about deletions. @param all requests, where they are read already */
    async deletionQuestions(all?: readonly RequestOutline[]): Promise<DeletionQuestion[]> {
      const questions: DeletionQuestion[] = []
      const gone: readonly RequestOutline[] = all ?? (await requests.list({ status: 'gone' }))
      for (const app of ['radarr', 'sonarr'] as const) {
        const left = waitingAmong(gone, app)
        if (left.length === 0) continue
        const read = (await heardClients()).flatMap((one) => (one.app === app ? (one.asked?.of ?? []) : []))
        questions.push({ app, requests: left, of: Math.max(left.length, ...read) })
      }
      return questions
    },

    /**
     * The admin's answer: `keep` requests them again, `remove` takes them out of the lists, but for the last row of one
     * that was read.
     * @param count of `remove`: how many the admin means
     */
    answerDeletions: (app: App, answer: 'keep' | 'remove', count?: number): Promise<DeletionAnswer> =>
      oneAtATime(async () => {
        const left = waitingAmong(await requests.list({ type: typeOf(app), status: 'gone' }), app)
        if (left.length === 0) return { kind: 'nothing_asked' }
        if (answer === 'remove' && count !== left.length) return { kind: 'other_count', count: left.length }
        const last = answer === 'remove' ? await lastRows(left) : new Set<string>()
        const pace = pacer()
        if (answer === 'remove') {
          await keep(left, (request) => (last.has(keyText(request)) ? 'last_row' : undefined))
        } else {
          for (const request of left) {
            await requests.renew(request, { by: request.requestedBy, at: deps.clock.now() })
            await pace()
          }
        }
        await update((all) =>
          all.map(({ asked, ...one }) => {
            if (one.app === app) return { ...one, deletions: [] }
            return asked ? { ...one, asked } : one
          }),
        )
        return { kind: 'done', left: left.length - last.size, stayed: last.size }
      }),
  }
}

export type LeavingUseCases = ReturnType<typeof leavingUseCases>

function keyOf(text: string): TitleKey {
  const [mediaType, id] = text.split('/')
  return { mediaType: mediaType === 'movie' ? 'movie' : 'tv', tmdbId: Number(id) }
}

/** The clients that have given a title up within the hour. */
const giversOf = ({ clients = [] }: MediaRequest, now: number): string[] =>
  clients.flatMap((word) => (word.said === 'gave_up' && word.at > now - COUNTED_MS ? word.client : []))
