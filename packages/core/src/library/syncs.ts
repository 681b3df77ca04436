import { type Clock, Fault, type Logger, pacer } from '../base/index.ts'
import {
  applyEvent,
  countedIn,
  hasArrived,
  isListed,
  type LibrarySource,
  type MediaRequest,
  type MediaRequestRepository,
  type RequestEvent,
  requestSlices,
  type SeasonPresence,
  type SeasonState,
  twinsAmong,
} from '../requests/index.ts'
import { type News, newsOf, type PushUseCases } from '../telling/index.ts'
import { keyText, type MediaType, type TitleKey } from '../titles/index.ts'
import type { LibraryItem, LibraryRow } from './library-item.ts'
import type { LibraryRepository } from './ports.ts'
import { shrinksTooMuch } from './rules/syncs.ts'

export type CommitOutcome =
  /** `notMarked`: titles whose requests could not be written; the next sync tries them again. */
  | { kind: 'committed'; added: number; removed: number; unchanged: number; marked: number; notMarked: number }
  | { kind: 'needs_confirmation'; current: number; staged: number }
  | { kind: 'pages_missing'; staged: number }

/** Library syncs, whole or paged, and what they mean for the requests. */
export function librarySyncUseCases(deps: {
  requests: MediaRequestRepository
  library: LibraryRepository
  clock: Clock
  logger: Logger
  push: Pick<PushUseCases, 'tell'>
}) {
  /**
   * Tells the requests of a type what the library has now; answers how many arrived, and which could not be written: one
   * that the store refuses ends no sync, and is tried by the next one. A source that has a title says so
   * once, also when another said it before: retention waits for the second. Of what a sync lacks and no other source has,
   * the files are lost: what clients read stays as it is. Done again, it comes to the same.
   * @param removed titles that the source has no longer
   */
  async function markRequests(type: MediaType, source: LibrarySource, removed: readonly TitleKey[]): Promise<Marked> {
    const gone = new Set(removed.map(keyText))
    const arrived: News[] = []
    const pace = pacer()
    const done: Marked = { marked: 0, refused: new Set() }
    for await (const slice of requestSlices(deps.requests, type)) {
      const concerned = slice.filter(
        (one) => one.mediaType === 'tv' || gone.has(keyText(one)) || !hasSaidAll(one, source),
      )
      const rows = await rowsOf(concerned)
      const twinsHere = twinsAmong(concerned)
      const changes = new Map<string, { key: MediaRequest; event: RequestEvent }>()
      for (const request of concerned) {
        await pace()
        const isAway = (one: MediaRequest) => !rows.has(keyText(one))
        const twins = twinsHere(request)
        if (gone.has(keyText(request)) && [request, ...twins].every(isAway)) {
          for (const one of [request, ...twins].filter(({ status }) => hasArrived(status))) {
            const now = deps.clock.now()
            changes.set(keyText(one), { key: one, event: { status: 'lost', source, at: now, now } })
          }
          continue
        }
        // What comes for one that was withdrawn before is the others' alone.
        const same = [request, ...(isListed(request) ? twins : [])]
        const event = arrivalOf(
          request,
          same.flatMap((one) => rows.get(keyText(one)) ?? []),
          source,
        )
        if (event) changes.set(keyText(request), { key: request, event })
      }
      const all = [...changes.values()]
      const results = await deps.requests.advanceMany(all)
      for (const [index, result] of results.entries()) {
        const change = all[index]
        if (result === 'refused' && change) done.refused.add(keyText(change.key))
        if (!result || result === 'refused' || change?.event.status === 'lost') continue
        if (result.changed) done.marked += 1
        const news = newsOf(result)
        if (news) arrived.push(news)
      }
    }
    await tell(arrived)
    if (done.refused.size > 0) deps.logger.warn('requests were not marked', { titles: [...done.refused].join(' ') })
    return done
  }

  /** What a source's having a title says of a request; undefined for no news. @param present all rows of the title */
  function arrivalOf(
    request: MediaRequest,
    present: readonly LibraryRow[],
    source: LibrarySource,
  ): RequestEvent | undefined {
    const by = present.find((row) => row.source === source)
    if (!by) return undefined
    // What its source had before a client deleted it has not come again.
    const now = deps.clock.now()
    if (request.status === 'gone' && !cameAfter(by, request, now)) return undefined
    const event: RequestEvent = {
      status: 'available',
      source,
      at: now,
      now,
      counted: countsOf(request, present, source),
    }
    // What was said before and means the same now is no news, and costs no write.
    const after = applyEvent(request, event)
    return after.changed || isNews(request, after.request, source) ? event : undefined
  }

  /** A sync is done whether or not its news could be sent. */
  async function tell(arrived: readonly News[]): Promise<void> {
    if (arrived.length === 0) return
    await deps.push
      .tell(arrived)
      .catch((error: unknown) => deps.logger.warn('nobody was told', { reason: String(error) }))
  }

  /** What the library has of titles, by `keyText`. */
  async function rowsOf(keys: readonly TitleKey[]): Promise<Map<string, LibraryRow[]>> {
    const rows = new Map<string, LibraryRow[]>()
    for (const row of await deps.library.findMany(keys)) {
      const known = rows.get(keyText(row))
      if (known) known.push(row)
      else rows.set(keyText(row), [row])
    }
    return rows
  }

  async function commit(
    syncId: string,
    of: { source: LibrarySource; mediaType: MediaType },
    expected: { pages: number; confirm: boolean },
  ): Promise<CommitOutcome> {
    const preview = await deps.library.preview(syncId)
    if (preview.pages !== expected.pages) return { kind: 'pages_missing', staged: preview.pages }
    if (!expected.confirm && shrinksTooMuch(preview.current, preview.staged)) {
      return { kind: 'needs_confirmation', current: preview.current, staged: preview.staged }
    }
    const outcome = await deps.library.commit(syncId)
    const { added, removed, left, unchanged } = outcome
    const away = [...removed, ...left]
    const { marked, refused } = await markRequests(of.mediaType, of.source, away)
    // The library is switched and the requests are marked: what stays remembered is marked again by the next sync.
    const settled = away.filter((key) => !refused.has(keyText(key)))
    await deps.library
      .forgetRemoved(of.source, settled)
      .catch((error: unknown) => deps.logger.warn('a sync left something behind', { reason: String(error) }))
    const counts = { added: added.length, removed: removed.length, unchanged }
    return { kind: 'committed', ...counts, marked, notMarked: refused.size }
  }

  async function syncOf(syncId: string) {
    const sync = await deps.library.findSync(syncId)
    if (!sync)
      throw new Fault('sync_unknown', 'There is no such sync: it ended, or more than an hour has passed. Begin again.')
    return sync
  }

  return {
    beginSync: (source: LibrarySource, mediaType: MediaType) => deps.library.beginSync(source, mediaType),

    /** The media type a running sync is for. Throws `sync_unknown`. */
    syncOf,

    /** Stores one page (from 0) of a sync. Throws `sync_unknown`. */
    stagePage: (syncId: string, page: number, items: readonly LibraryItem[]) => deps.library.stage(syncId, page, items),

    /** Switches to the staged library when all pages are there and it does not look like a lost disk. */
    async commitSync(syncId: string, expected: { pages: number; confirm: boolean }): Promise<CommitOutcome> {
      return commit(syncId, await syncOf(syncId), expected)
    },

    /** The one-POST form: the whole library of a type, or an addition to it. */
    async syncLibrary(
      mediaType: MediaType,
      items: readonly LibraryItem[],
      options: { clear: boolean; confirm: boolean },
    ): Promise<CommitOutcome> {
      if (!options.clear) {
        const added = await deps.library.add('sync', items)
        const { marked, refused } = await markRequests(mediaType, 'sync', [])
        const unchanged = items.length - added.length
        return { kind: 'committed', added: added.length, removed: 0, unchanged, marked, notMarked: refused.size }
      }
      const syncId = await deps.library.beginSync('sync', mediaType)
      await deps.library.stage(syncId, 0, items)
      return commit(syncId, { source: 'sync', mediaType }, { pages: 1, confirm: options.confirm })
    },
  }
}

/** What marking comes to: how many arrived, and what the store refused, by `keyText`. */
interface Marked {
  marked: number
  refused: Set<string>
}

/**
 * True when a source first had a title after it was gone. Where a clock that was ahead has stamped either, nobody knows, and
 * the title is not fetched again for that.
 */
const cameAfter = ({ addedAt }: LibraryRow, { statusAt }: MediaRequest, now: number) =>
  addedAt <= now && addedAt > statusAt

/**
 * What a source's own rows count, each season with the most that any row has of it, and those that it counted before and
 * does not have any more; undefined where they count none. Rows that messages made know a part of what they stand for.
 */
function countsOf(
  { seasonState }: MediaRequest,
  rows: readonly LibraryRow[],
  source: LibrarySource,
): SeasonPresence[] | undefined {
  const own = countedIn(rows.filter((row) => row.source === source))
  if (!own) return undefined
  const most = new Map(countedIn(rows)?.map((season) => [season.seasonNumber, season.episodes]))
  const before = seasonState.filter((season) => season.counted?.source === source)
  const numbers = new Set([...own, ...before].map((season) => season.seasonNumber))
  return [...numbers].map((seasonNumber) => ({ seasonNumber, episodes: most.get(seasonNumber) ?? 0 }))
}

/** Of a movie that a source has said is here there is nothing more to say; of a series there are its seasons. */
const hasSaidAll = (request: MediaRequest, source: LibrarySource) =>
  request.status === 'available' && saidBy(request, source) === 'available'

const saidBy = (request: MediaRequest, source: LibrarySource) =>
  request.statements.find((one) => one.source === source)?.status

/** What seasons come to, without when it was said. */
const comesTo = (seasons: readonly SeasonState[]) =>
  seasons.map(({ seasonNumber, here, counted }) => [seasonNumber, here?.episodes, counted?.episodes, counted?.source])

/** True when a source says something else than it did, or of other seasons. */
function isNews(before: MediaRequest, after: MediaRequest, source: LibrarySource): boolean {
  return (
    saidBy(before, source) !== saidBy(after, source) ||
    JSON.stringify(comesTo(before.seasonState)) !== JSON.stringify(comesTo(after.seasonState))
  )
}
