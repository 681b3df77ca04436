import { type BackgroundWork, type Clock, type Fault, type Logger, unlessRefused } from '../base/index.ts'
import {
  type Changed,
  type ClientRef,
  hasFilesElsewhere,
  type KeptReason,
  type LeavingLists,
  type MediaEventSource,
  type MediaRequest,
  type MediaRequestRepository,
  type RequestEvent,
  type SeasonPresence,
} from '../requests/index.ts'
import { newsOf, type PushUseCases } from '../telling/index.ts'
import { keyText } from '../titles/index.ts'
import type { ActivityEntry, ActivityOutcome } from './activity.ts'
import type { LibraryItem, LibraryRow } from './library-item.ts'
import { matchEvent } from './match-event.ts'
import type { MediaEvent, ReadEvent } from './media-event.ts'
import type { ActivityLog, EpisodeResolver, LibraryRepository, PlexGuidCache } from './ports.ts'
import { describeEvent } from './rules/events.ts'
import type { EventMatch } from './rules/matching.ts'

/** What became of a message. */
export interface Received {
  outcome: ActivityOutcome
  event?: MediaEvent
  match?: EventMatch
  /** Why nothing came of it, as a sentence. */
  reason?: string
  addedToLibrary: boolean
  notified: boolean
}

/** Takes in what senders tell: the library learns of it, the request moves on, and who waits is told. */
export function eventUseCases(deps: {
  requests: MediaRequestRepository
  library: LibraryRepository
  plexGuids: PlexGuidCache
  activity: ActivityLog
  episodes?: EpisodeResolver | undefined
  feeds: Pick<LeavingLists, 'heard' | 'givenUp'>
  push: Pick<PushUseCases, 'tell' | 'drainOutbox'>
  background: BackgroundWork
  clock: Clock
  logger: Logger
}) {
  let count = 0

  /** Keeps what was received for people to look at; never fails a message. */
  function note(source: MediaEventSource, name: string, received: Received): void {
    const at = deps.clock.now()
    count += 1
    const { event, match, reason, outcome } = received
    const entry: ActivityEntry = {
      id: `${String(at).padStart(15, '0')}-${String(count).padStart(9, '0')}-${crypto.randomUUID().slice(0, 8)}`,
      at,
      source,
      name,
      ...(event ? describeEvent(event) : { title: '', detail: '' }),
      outcome,
      ...(reason !== undefined && { reason }),
      ...(match && { rule: match.rule, key: match.key }),
    }
    const writing = deps.activity
      .record(entry)
      .catch((error: unknown) => deps.logger.warn('a message was not noted', { reason: String(error) }))
    deps.background.add(writing)
  }

  /** What the sender's own row of the library says once it has the parts that came. */
  function itemOf(event: MediaEvent, match: EventMatch, rows: readonly LibraryRow[]): LibraryItem {
    const own = rows.find((row) => row.source === event.source)
    const item: LibraryItem = { ...match.key }
    const tvdbId = match.tvdbId ?? own?.tvdbId
    const imdbId = event.ids.imdbId ?? own?.imdbId ?? match.request?.imdbId
    const title = event.title ?? own?.title ?? match.request?.title
    if (tvdbId !== undefined) item.tvdbId = tvdbId
    if (imdbId !== undefined) item.imdbId = imdbId
    if (title !== undefined) item.title = title
    if (event.mediaType === 'tv') item.seasons = seasonsWith(own?.seasons ?? [], event)
    return item
  }

  /** Lets an event happen to the request it was matched to, and to its twins. Answers what each call made of it. */
  async function advance(
    { request, twins = [] }: EventMatch,
    event: MediaEvent,
    said: Told,
    client?: ClientRef,
  ): Promise<Changed[]> {
    const now = deps.clock.now()
    const stamped: RequestEvent = { ...said, source: event.source, client, at: now, now, ...heldId(event) }
    const all = request ? [request, ...twins] : []
    const { change, done } = guarded(all)
    const results: (Changed | undefined)[] = []
    for (const one of all) results.push(await change(one, stamped))
    return done(results)
  }

  /**
   * Changes of a title's requests: one that the store refuses is said and leaves the others to change. Where all of them
   * are refused, `done` throws: the sender may try again.
   */
  function guarded(all: readonly MediaRequest[]) {
    const refused: Fault[] = []
    return {
      change: (request: MediaRequest, event: RequestEvent) =>
        unlessRefused(deps.requests.advance(request, event), (fault) => {
          refused.push(fault)
          deps.logger.warn('a request was not marked', { title: keyText(request), reason: fault.message })
        }),
      done(results: readonly (Changed | undefined)[]): Changed[] {
        const [first] = refused
        if (first && refused.length === all.length) throw first
        return results.filter((result) => result !== undefined)
      },
    }
  }

  async function arrive(event: MediaEvent, match: EventMatch, client?: ClientRef): Promise<Changed[]> {
    const rows = event.mediaType === 'tv' ? await deps.library.findMany([match.key]) : []
    const item = itemOf(event, match, rows)
    await deps.library.add(event.source, [item])
    return advance(match, event, arrivalOf(event), client)
  }

  /** Files of a title left, or the whole of it. Answers a sentence when it stays in the lists all the same. */
  async function leave(event: MediaEvent, match: EventMatch, client?: ClientRef): Promise<string | undefined> {
    const { request, twins = [] } = match
    const isShared = request !== undefined && hasFilesElsewhere(request, { client })
    const isOther = request !== undefined && isOfAnotherId(event, request)
    const rows = request ? await deps.library.findMany([match.key]) : []
    const isWhole = event.kind === 'gone' || !event.parts
    if (isWhole && !event.filesKept && !isOther && !isShared) await deps.library.remove(event.source, match.key)
    if (!request) return undefined
    const own = [request, ...twins].filter((one) => !isOfAnotherId(event, one))
    if (own.length === 0) return 'Sonarr has it by another TVDB id.'
    const now = deps.clock.now()
    const { source, filesKept } = event
    const elsewhere = rows.some((row) => row.source !== source || isShared || filesKept)
    const told = { source, client, at: now, now, elsewhere }
    // What its sender had before it was asked for may be another's of the same app.
    const isOlder = rows.some((row) => row.source === source && wasThereBefore(row, request, now))
    const { change, done } = guarded(own)
    const results = done(
      event.kind === 'gone'
        ? await deps.feeds.givenUp(own, client, (one, { kept, othersHeard }) =>
            change(one, {
              ...{ ...told, status: 'gone', filesKept, kept },
              othersUnknown: isOlder && othersHeard,
            }),
          )
        : await Promise.all(
            own.map((one) => change(one, { ...told, status: 'lost', parts: event.parts?.map(partOf) })),
          ),
    )
    // A season can be whole without what left: it was numbered otherwise.
    const news = results.flatMap((one) => (one?.reached && newsOf(one)) ?? [])
    if (news.length > 0) await deps.push.tell(news)
    if (event.kind === 'file_gone') return undefined
    return results.flatMap((one) => (one && whyListed(one.request)) ?? [])[0]
  }

  async function take(event: MediaEvent, client?: ClientRef): Promise<Received> {
    const { requests, plexGuids, episodes } = deps
    if (client && (event.source === 'radarr' || event.source === 'sonarr')) {
      await deps.feeds.heard(client, event.source)
    }
    const match = await matchEvent(event, { requests, plexGuids, ...(episodes && { episodes }) })
    const isDelete = event.kind === 'gone' || event.kind === 'file_gone'
    if (match.rule === 'none') {
      if (isDelete) return { outcome: 'deleted', event, addedToLibrary: false, notified: false }
      return { outcome: 'unmatched', event, reason: match.reason, addedToLibrary: false, notified: false }
    }
    const outcome = match.request ? 'matched' : isDelete ? 'deleted' : 'library'
    const received: Received = { outcome, event, match, addedToLibrary: event.kind === 'arrived', notified: false }
    switch (event.kind) {
      case 'arrived': {
        const arrivals = (await arrive(event, match, client)).flatMap((one) => newsOf(one) ?? [])
        if (arrivals.length > 0) received.notified = await deps.push.tell(arrivals)
        return received
      }
      case 'picked_up':
      case 'downloading': {
        if (!match.request) return { ...received, outcome: 'unmatched', reason: 'Nobody has asked for it here.' }
        const taken = (await advance(match, event, { status: event.kind }, client)).flatMap(({ request, changed }) =>
          changed && request.status === 'picked_up' && request.withdrawnAt === undefined
            ? [{ kind: 'picked_up' as const, request }]
            : [],
        )
        if (taken.length > 0) received.notified = await deps.push.tell(taken)
        return received
      }
      case 'gone':
      case 'file_gone': {
        const reason = await leave(event, match, client)
        return reason === undefined ? received : { ...received, reason }
      }
    }
  }

  return {
    /**
     * Takes one message in. Throws the store's faults: the sender may try again.
     * @param name the sender's own word for it
     * @param client which Radarr or Sonarr sent it
     */
    async receiveEvent(source: MediaEventSource, read: ReadEvent, name: string, client?: ClientRef): Promise<Received> {
      const nothing = { addedToLibrary: false, notified: false }
      let received: Received
      switch (read.kind) {
        case 'event':
          received = await take(read.event, client)
          break
        case 'test':
          received = { outcome: 'test', ...nothing }
          break
        case 'ignored':
        case 'stray':
          received = { outcome: read.kind, reason: read.reason, ...nothing }
          break
        case 'invalid': {
          const where = read.field === '' ? 'The message' : read.field
          received = { outcome: 'invalid', reason: `${where}: expected ${read.expected}.`, ...nothing }
        }
      }
      note(source, read.kind === 'event' ? read.event.name : name, received)
      // What waited is tried again now that there is something to do; nobody waits for it.
      const draining = deps.push
        .drainOutbox()
        .catch((error: unknown) => deps.logger.warn('push messages wait', { reason: String(error) }))
      deps.background.add(draining)
      return received
    },

    /** The messages received last, newest first. */
    recentActivity: (limit: number) => deps.activity.recent(limit),
  }
}

/** True when a row may be older than a request; when it is from, a clock that was ahead does not tell. */
const wasThereBefore = ({ addedAt }: LibraryRow, { createdAt }: MediaRequest, now: number) =>
  addedAt < createdAt || addedAt > now

const partOf = ({ seasonNumber, episodeNumber }: { seasonNumber: number; episodeNumber?: number }) =>
  episodeNumber === undefined ? { seasonNumber } : { seasonNumber, episodeNumber }

/** What an event says of a request, apart from who said so and when. */
type Told = Pick<RequestEvent, 'status' | 'parts' | 'counted'>

/** The id by which Sonarr holds the series. */
const heldId = ({ source, ids }: MediaEvent): Pick<RequestEvent, 'sonarrTvdbId'> =>
  source === 'sonarr' && ids.tvdbId !== undefined ? { sonarrTvdbId: ids.tvdbId } : {}

/** Why a title that its client has deleted stays in the lists, as a sentence; undefined where it does not. */
const whyListed = ({ status, kept }: MediaRequest): string | undefined =>
  status === 'gone' ? kept && STAYS[kept] : 'It stays in the lists: another client may have it.'

const STAYS: Record<KeptReason, string> = {
  last_row: 'It stays in the lists: it is the last title of a list that a client reads.',
  many_deletions: 'It stays in the lists until the admin answers: so many were deleted within an hour.',
}

/** True when Sonarr deletes what it had by another id than that by which it has the series. */
function isOfAnotherId({ source, ids }: MediaEvent, { tvdbId, formerIds = [] }: MediaRequest): boolean {
  if (source !== 'sonarr' || ids.tvdbId === undefined || tvdbId === undefined || ids.tvdbId === tvdbId) return false
  return !formerIds.some((one) => one.listed && one.tvdbId === ids.tvdbId)
}

/** What an arrival says of a request. A series of which nothing more is told is here in part. */
function arrivalOf(event: MediaEvent): Told {
  if (event.mediaType === 'movie') return { status: 'available' }
  if (!event.parts || event.parts.length === 0) return { status: 'partly_available' }
  const counted = event.parts.flatMap(({ seasonNumber, episodeNumber, episodeCount, library }) =>
    episodeNumber === undefined && episodeCount !== undefined
      ? [{ seasonNumber, episodes: episodeCount, ...(library !== undefined && { library }) }]
      : [],
  )
  const parts = event.parts
    .filter((part) => part.episodeNumber !== undefined || part.episodeCount === undefined)
    .map(partOf)
  return { status: 'available', parts, ...(counted.length > 0 && { counted }) }
}

/** Seasons of a library row with at least what an event told; how many there are is for a sync to say. */
function seasonsWith(known: readonly SeasonPresence[], event: MediaEvent): SeasonPresence[] {
  const told = new Map<number, number>()
  for (const { seasonNumber, episodeCount = 1 } of event.parts ?? []) {
    told.set(seasonNumber, (told.get(seasonNumber) ?? 0) + episodeCount)
  }
  const seasons = new Map(known.map((season) => [season.seasonNumber, season.episodes]))
  for (const [number, episodes] of told) seasons.set(number, Math.max(seasons.get(number) ?? 0, episodes))
  return [...seasons]
    .map(([seasonNumber, episodes]) => ({ seasonNumber, episodes }))
    .sort((a, b) => a.seasonNumber - b.seasonNumber)
}
