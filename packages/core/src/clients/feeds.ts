import { type Clock, Fault, type Revision, type Turns } from '../base/index.ts'
import { askersOf, type MediaRequest, type MediaRequestRepository } from '../requests/index.ts'
import type { FeedSettings, FeedSettingsUseCases } from '../routing/index.ts'
import { keyText } from '../titles/index.ts'
import { type FeedBody, feedBody } from './rules/feed-rows.ts'
import { addressText, FEEDS, type FeedAddress, isAt, missingId, parseAddress } from './rules/feeds.ts'
import { type ListedTitle, listedTitles } from './rules/listed-titles.ts'
import { keptRows } from './rules/retention.ts'
import type { StoreGuard } from './store-guard.ts'

const DAY_MS = 24 * 3_600_000

/** What a feed's bytes hang on. */
export interface FeedVersion {
  /** One text for all of it: the same text, the same bytes. */
  text: string
  revision: number
  settings: FeedSettings
  /** When it was read, epoch ms. */
  at: number
  /** UTC day since 1970: retention goes by days. */
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
  turns: Turns
  guard: StoreGuard
  clock: Clock
  feedSettings: FeedSettingsUseCases
}) {
  const { feedSettings } = deps

  /** All that is listed of the types that a list carries, whether or not it can carry them. */
  async function listedFor({ feed }: FeedAddress): Promise<MediaRequest[]> {
    const [type, other] = FEEDS[feed].types
    return deps.requests.list({ ...(type !== undefined && other === undefined && { type }), listedOnly: true })
  }

  /** The rows of an address among those that are listed. Throws `feed_emptied`. */
  function rowsAmong(all: readonly MediaRequest[], address: FeedAddress, { settings, day }: FeedVersion) {
    const listed = all.filter((one) => isAt(address, one))
    if (listed.length === 0 && settings.read.includes(addressText(address))) throw emptied()
    return keptRows(listed, settings.keepArrivedDays, day)
  }

  const rowsOf = async (address: FeedAddress, version: FeedVersion) =>
    rowsAmong(await listedFor(address), address, version)

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

  /** The addresses among these that hold no request now. */
  async function emptyAmong(addresses: readonly string[]): Promise<string[]> {
    if (addresses.length === 0) return []
    const listed = await deps.requests.list({ listedOnly: true })
    return addresses.filter((text) => {
      const address = parseAddress(text)
      return !address || !listed.some((request) => isAt(address, request))
    })
  }

  const oneAtATime = <Result>(work: () => Promise<Result>) => deps.turns.take('leave-feeds', work)

  async function unmarkEmpty(): Promise<void> {
    const { settings } = await feedSettings.load()
    const empty = await emptyAmong(settings.read)
    if (empty.length > 0) await feedSettings.unmarkRead(empty)
  }

  return {
    /** What a feed hangs on; read it first. Throws a fault when the store is strange or unreadable. */
    async feedVersion(): Promise<FeedVersion> {
      const reading = deps.revision.current()
      const [revision, { settings, stored }] = await Promise.all([
        reading,
        feedSettings.load(),
        deps.guard.reason(reading),
      ])
      await deps.guard.check(revision)
      if (settings.importing !== undefined) throw importRunning()
      const at = deps.clock.now()
      const day = Math.floor(at / DAY_MS)
      return { text: `${revision} ${day} ${stored}`, revision, settings, at, day }
    },

    /** A whole list. Throws `feed_emptied` when its titles are gone although nobody removed the last one. */
    async readFeed(address: FeedAddress, version: FeedVersion): Promise<FeedBody> {
      let rows = await rowsOf(address, version)
      if (rows.length > 0 && !version.settings.read.includes(addressText(address))) {
        rows = await markFirstRead(address, version)
      }
      const needsTags = address.feed === 'radarr-program' || address.feed === 'sonarr-program'
      const settings = needsTags
        ? await feedSettings.tagRequesters(version.settings, rows.flatMap(askersOf))
        : version.settings
      return feedBody(address.feed, rows, settings)
    },

    /** What a client would take from an address, and what it would not, with the reason. */
    async previewFeed(address: FeedAddress, version: FeedVersion): Promise<FeedPreview> {
      const all = await listedFor(address)
      const takes = rowsAmong(all, address, version)
      const names = new Set(takes.map(keyText))
      return {
        takes: listedTitles(takes),
        leaves: all
          .filter((request) => !names.has(keyText(request)))
          .map((request) => ({ request, reason: reasonOf(address, request) })),
      }
    },

    /**
     * Runs `leave`, which takes `request` out of the feeds, unless it is the last row of an address that a client has
     * read: an emptied list can make a client's clean step delete movies. One at a time, so that two cannot both be
     * the last but one. Answers undefined when refused.
     */
    leaveFeeds<Result>(request: MediaRequest, leave: () => Promise<Result>): Promise<Result | undefined> {
      return oneAtATime(async () => {
        const { settings } = await feedSettings.load()
        const addresses = settings.read.flatMap((text) => parseAddress(text) ?? [])
        const concerned = addresses.filter((address) => isAt(address, request))
        if (concerned.length > 0) {
          const listed = await deps.requests.list({ listedOnly: true })
          const others = listed.filter((other) => keyText(other) !== keyText(request))
          if (concerned.some((address) => !others.some((other) => isAt(address, other)))) return undefined
        }
        return leave()
      })
    },

    /** Runs the admin's removal for good: a list that it empties is meant to be empty. */
    leaveForGood: <Result>(leave: () => Promise<Result>): Promise<Result> =>
      oneAtATime(async () => {
        const result = await leave()
        await unmarkEmpty()
        return result
      }),

    /** Addresses that had rows when a client read them and have none now, though nobody removed the last one. */
    async emptiedFeeds(): Promise<string[]> {
      const { settings } = await feedSettings.load()
      return emptyAmong(settings.read)
    },

    /** The admin says that this store is the right one, as it is. */
    async confirmStore(): Promise<void> {
      await deps.guard.confirm()
      await oneAtATime(unmarkEmpty)
      await feedSettings.endImport()
    },
  }
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
  const missing = missingId(address.feed, request)
  if (missing) return missing === 'imdb' ? 'no_imdb_id' : 'no_tvdb_id'
  const isElsewhere = address.profileId !== undefined && address.profileId !== request.qualityProfileId
  return isElsewhere ? 'other_profile' : 'dropped'
}
