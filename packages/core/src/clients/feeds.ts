import { breathe, type Clock, Fault, type Revision } from '../base/index.ts'
import { type MediaRequest, type MediaRequestRepository, taggedNames } from '../requests/index.ts'
import type { FeedSettings, FeedSettingsUseCases } from '../routing/index.ts'
import { keyText } from '../titles/index.ts'
import type { LeavingUseCases } from './leaving.ts'
import { type RevisionTags, revisionOf } from './revision-tags.ts'
import { type FeedBody, feedBody } from './rules/feed-rows.ts'
import { addressText, carries, FEEDS, type FeedAddress, isAt, missingId } from './rules/feeds.ts'
import { type ListedTitle, listedTitles } from './rules/listed-titles.ts'
import { keptRows } from './rules/retention.ts'
import type { StrangeStore } from './rules/strange-store.ts'
import { type StoreGuard, strangeFault } from './store-guard.ts'
import type { TrustedTimeUseCases } from './trusted-time.ts'

const DAY_MS = 24 * 3_600_000
/** Clocks of two instances may differ by so much. */
const SKEW_MS = 60_000
/** Rows that are not read and worked on at once any more (see `list`), and how often they are read at most. */
const LONG = 1_000
const MOST_READINGS = 3

/** What a feed's bytes hang on. */
export interface FeedVersion {
  /** One text for all of it: the same text, the same bytes. */
  text: string
  revision: number
  settings: FeedSettings
  /** When it was read, epoch ms. */
  at: number
  /** UTC day since 1970: retention goes by days, and by the time that has passed for sure. */
  day: number
}

export interface FeedPreview {
  takes: ListedTitle[]
  leaves: { request: MediaRequest; reason: 'no_imdb_id' | 'no_tvdb_id' | 'other_profile' | 'dropped' }[]
}

/** The import lists: whole or a fault, never less than is stored. */
export function feedUseCases(deps: {
  requests: MediaRequestRepository
  revision: Revision
  leaving: Pick<LeavingUseCases, 'emptiedAddresses' | 'unmarkEmpty'>
  guard: StoreGuard
  tags: RevisionTags
  clock: Clock
  time: Pick<TrustedTimeUseCases, 'trustedTime'>
  feedSettings: FeedSettingsUseCases
}) {
  const { feedSettings, leaving } = deps

  /**
   * All that is listed of the types that a list carries, whether or not it can carry them. A long reading lets others at
   * the store, so it is done again where something has changed meanwhile: no row is missing either way, but rows then
   * stand beside each other that never did.
   */
  async function listedFor({ feed }: FeedAddress, version: FeedVersion): Promise<MediaRequest[]> {
    const [type, other] = FEEDS[feed].types
    const filter = { ...(type !== undefined && other === undefined && { type }), listedOnly: true }
    let before = version.revision
    let rows = await deps.requests.list(filter)
    for (let readings = 1; rows.length >= LONG && readings < MOST_READINGS; readings += 1) {
      const now = await deps.revision.current()
      if (now === before) break
      before = now
      rows = await deps.requests.list(filter)
    }
    await rest(rows)
    return rows
  }

  /** Between two steps over many rows all else has its turn. */
  const rest = async ({ length }: readonly unknown[]) => (length < LONG ? undefined : breathe())

  /** The rows of an address among those that are listed. Throws `feed_emptied`. */
  function rowsAmong(all: readonly MediaRequest[], address: FeedAddress, { settings, day }: FeedVersion) {
    const listed = all.filter((one) => isAt(address, one))
    if (listed.length === 0 && settings.read.includes(addressText(address))) throw emptied()
    return keptRows(listed, settings.keepArrivedDays, day)
  }

  const rowsOf = async (address: FeedAddress, version: FeedVersion) =>
    rowsAmong(await listedFor(address, version), address, version)

  /**
   * Notes the first read of an address that has rows, before they go out, so that nobody takes the last of them out
   * afterwards. A store that cannot be written (a full disk) does not touch the feed.
   */
  async function markFirstRead(address: FeedAddress, version: FeedVersion): Promise<readonly MediaRequest[]> {
    const name = addressText(address)
    const marked = await feedSettings.markRead([name]).catch(() => undefined)
    const rows = await rowsOf(address, version)
    // The last row was taken out between: no client has seen it.
    if (rows.length === 0 && marked) await feedSettings.unmarkRead([name])
    return rows
  }

  return {
    /** What a feed hangs on; read it first. Throws a fault when the store is strange or unreadable. */
    async feedVersion(): Promise<FeedVersion> {
      const reading = deps.revision.current()
      const [revision, { settings }] = await Promise.all([reading, feedSettings.load(), deps.guard.reason(reading)])
      await deps.guard.check(revision)
      if (settings.isOlder) throw strangeFault('store_older')
      if (settings.importing !== undefined) throw importRunning()
      const at = deps.clock.now()
      const { seen, ...routing } = settings
      const time = settings.keepArrivedDays === undefined ? at : deps.time.trustedTime(seen)
      const day = Math.floor(time / DAY_MS)
      return { text: `${revision} ${day} ${JSON.stringify(routing)}`, revision, settings, at, day }
    },

    /** A whole list. Throws `feed_emptied` when its titles are gone although nobody removed the last one. */
    async readFeed(address: FeedAddress, version: FeedVersion): Promise<FeedBody> {
      let rows = await rowsOf(address, version)
      if (rows.length > 0 && !version.settings.read.includes(addressText(address))) {
        rows = await markFirstRead(address, version)
      }
      await deps.guard.noteRows()
      await rest(rows)
      const needsTags = address.feed === 'radarr-program' || address.feed === 'sonarr-program'
      const settings = needsTags ? await feedSettings.tagRequesters(version.settings, namesOf(rows)) : version.settings
      await rest(rows)
      return feedBody(address.feed, rows, settings)
    },

    /** A list as a client that has read it would be answered; nothing is noted of it. Throws `feed_emptied`. */
    async tryFeed(address: FeedAddress, version: FeedVersion): Promise<FeedBody> {
      return feedBody(address.feed, await rowsOf(address, version), version.settings)
    },

    /** What a client would take from an address, and what it would not, with the reason. */
    async previewFeed(address: FeedAddress, version: FeedVersion): Promise<FeedPreview> {
      const all = await listedFor(address, version)
      const takes = rowsAmong(all, address, version)
      await rest(takes)
      const names = new Set(takes.map(keyText))
      await rest(takes)
      const titles = listedTitles(takes)
      await rest(takes)
      return {
        takes: titles,
        leaves: all
          .filter((request) => !names.has(keyText(request)))
          .map((request) => ({ request, reason: reasonOf(address, request) })),
      }
    },

    /** Addresses that had rows when a client read them and have none now, though nobody removed the last one. */
    emptiedFeeds: leaving.emptiedAddresses,

    /** What is strange about the store, so that every list is closed; undefined for nothing. */
    closedBecause: async ({ isOlder }: FeedSettings): Promise<StrangeStore | undefined> =>
      isOlder ? 'store_older' : deps.guard.reason(),

    /** The tag by which a device remembers how far the store was. */
    revisionTag: (revision: number): Promise<string> => deps.tags.tagOf({ revision, at: deps.clock.now() }),

    /**
     * Takes the tag that a device brings back: when it says more than the store's revision, which was read after it came,
     * the store has gone back, and its lists close. What was known before the admin confirmed the store no longer counts.
     * Neither does a time of a clock that ran ahead, of a tag or of that word.
     */
    async hearRevision(tag: string, revision: number): Promise<void> {
      if (!(revisionOf(tag) > revision)) return
      const told = await deps.tags.read(tag)
      const latest = deps.clock.now() + SKEW_MS
      if (!told || told.at > latest) return
      const { confirmedAt = 0 } = (await feedSettings.load()).settings
      if (told.at > confirmedAt || confirmedAt > latest) await deps.guard.hear(told.revision)
    },

    /** The admin says that this store is the right one, as it is. */
    async confirmStore(): Promise<void> {
      await deps.guard.confirm()
      await leaving.unmarkEmpty()
      await feedSettings.markConfirmed(deps.clock.now())
    },
  }
}

export type FeedUseCases = ReturnType<typeof feedUseCases>

/** Whose tags the rows carry, each name once. */
function namesOf(rows: readonly MediaRequest[]): string[] {
  const names = new Set<string>()
  for (const row of rows) for (const name of taggedNames(row)) names.add(name)
  return [...names]
}

const importRunning = () =>
  new Fault(
    'import_running',
    'An import into this store is under way. The lists stay closed until it ends or the admin confirms the store.',
  )

const emptied = () =>
  new Fault(
    'feed_emptied',
    'This list had titles, and they are gone although nobody removed the last one. It stays closed until the admin confirms it.',
  )

function reasonOf(address: FeedAddress, request: MediaRequest): FeedPreview['leaves'][number]['reason'] {
  const missing = carries(address.feed, request) ? undefined : missingId(address.feed, request)
  if (missing) return missing === 'imdb' ? 'no_imdb_id' : 'no_tvdb_id'
  const isElsewhere = address.profileId !== undefined && address.profileId !== request.qualityProfileId
  return isElsewhere ? 'other_profile' : 'dropped'
}
