import { type Clock, type Logger, pacer, unlessRefused } from '../base/index.ts'
import type { MediaCatalog } from '../catalogue/index.ts'
import {
  isListed,
  learnFacts,
  type MediaRequest,
  type MediaRequestRepository,
  type RequestEvent,
  type RequestFacts,
  requestSlices,
  twinsAmong,
} from '../requests/index.ts'
import { type News, newsOf, type PushUseCases } from '../telling/index.ts'
import { isDrawnPoster, MEDIA_TYPES } from '../titles/index.ts'

const DAY_MS = 24 * 3_600_000
/** Of what changes rarely a part is looked up each day, all of it within so many days. */
const ROUND_DAYS = 7

/** How often the catalogue is asked about a request: what may change any day, what changes rarely, and what no more. */
function lookUp(request: MediaRequest, catalogue: MediaCatalog['kind']): 'daily' | 'weekly' | 'never' {
  // A series may be asked for again when it is gone; what was taken back before it came is nobody's.
  if (request.withdrawnAt !== undefined && !isListed(request)) return 'never'
  if (request.mediaType === 'movie' && (request.status === 'gone' || request.withdrawnAt !== undefined)) return 'never'
  if (catalogue === 'tmdb' && isDrawnPoster(request.posterPath)) return 'daily'
  if (request.imdbId === undefined) return 'daily'
  if (request.mediaType === 'movie') return request.status === 'available' ? 'never' : 'weekly'
  return request.tvdbId !== undefined && request.broadcast?.ended ? 'weekly' : 'daily'
}

/** After so many failures one after another the catalogue is left alone until the next day. */
const MAX_FAILURES = 5

/** Those that the catalogue is asked about on a day: of what changes rarely a seventh, each once a week. */
function turnsOf(requests: readonly MediaRequest[], catalogue: MediaCatalog['kind'], day: number): MediaRequest[] {
  const often = (which: 'daily' | 'weekly') => requests.filter((one) => lookUp(one, catalogue) === which)
  const weekly = often('weekly').filter((one) => one.tmdbId % ROUND_DAYS === day % ROUND_DAYS)
  const daily = often('daily')
  // Where the day is cut short, it is not the same ones each time that are left out.
  const from = (day * Math.ceil(daily.length / ROUND_DAYS)) % Math.max(1, daily.length)
  return [...weekly, ...daily.slice(from), ...daily.slice(0, from)]
}

/**
 * Works out of all series what has aired by now, asks the catalogue about those requests whose turn it is, and tells who
 * waits. A row that stays as it is costs no call of the store.
 * @param deadline epoch ms after which nothing new is begun
 */
export async function learnRequests(
  deps: {
    requests: MediaRequestRepository
    catalog: MediaCatalog
    clock: Clock
    logger: Logger
    /** Absent where push messages are not sent. */
    push?: Pick<PushUseCases, 'tell'>
  },
  deadline: number,
): Promise<{ learnt: number; failed: number; cutShort: boolean }> {
  const done = { learnt: 0, failed: 0, cutShort: false }

  /** What the catalogue tells of a request now. */
  async function factsOf(request: MediaRequest): Promise<RequestFacts> {
    const title = await deps.catalog.details(request, 'en')
    const at = deps.clock.now()
    // The sample catalogue has a few titles only.
    if (!title) return deps.catalog.kind === 'tmdb' ? { at, isInCatalog: false } : { at }
    const { imdbId, tvdbId, posterPath, seasons, broadcast, numbering, tvdbMissed } = title
    return {
      at,
      isInCatalog: true,
      seasons,
      broadcast,
      numbering,
      tvdbMissed,
      ...(imdbId !== undefined && { imdbId }),
      ...(tvdbId !== undefined && { tvdbId }),
      ...(posterPath !== undefined && { posterPath }),
    }
  }

  /** True when anything was learnt. */
  async function learn(request: MediaRequest, facts: RequestFacts): Promise<boolean> {
    if (!learnFacts(request, facts).changed) return false
    const learnt = await unlessRefused(deps.requests.learn(request, facts), notWorkedOut(request))
    // Of a movie facts are no news.
    const news = request.mediaType === 'tv' && learnt ? newsOf(learnt) : undefined
    if (news) await tell(news)
    return learnt?.changed ?? false
  }

  const notWorkedOut = (request: MediaRequest) => (error: unknown) =>
    deps.logger.warn('request not worked out', { tmdb_id: request.tmdbId, reason: String(error) })

  async function tell(news: News): Promise<void> {
    await deps.push
      ?.tell([news])
      .catch((error: unknown) => deps.logger.warn('nobody was told', { reason: String(error) }))
  }

  /** Time passes, also where the catalogue tells nothing. */
  async function settle(request: MediaRequest): Promise<void> {
    await learn(request, { at: deps.clock.now() }).catch(notWorkedOut(request))
  }

  const pace = pacer()
  const all: MediaRequest[] = []
  for (const type of MEDIA_TYPES) {
    for await (const slice of requestSlices(deps.requests, type)) for (const request of slice) all.push(request)
  }
  const turns = turnsOf(all, deps.catalog.kind, Math.floor(deps.clock.now() / DAY_MS))
  const asked = new Set(turns)
  let failures = 0
  for (const request of [...all.filter((one) => !asked.has(one)), ...turns]) {
    if (deps.clock.now() >= deadline) {
      done.cutShort = true
      break
    }
    await pace()
    if (!asked.has(request) || failures >= MAX_FAILURES) {
      await settle(request)
      done.cutShort ||= asked.has(request)
      continue
    }
    try {
      if (await learn(request, await factsOf(request))) done.learnt += 1
      failures = 0
    } catch (error) {
      done.failed += 1
      failures += 1
      deps.logger.warn('request not refreshed', { tmdb_id: request.tmdbId, reason: String(error) })
      await settle(request)
    }
  }
  await shareAmongTwins()
  return done

  /** What is here of one entry of a TVDB id is here of the others too, however late they were asked for. */
  async function shareAmongTwins(): Promise<void> {
    const listed = all.filter(isListed)
    const twinsHere = twinsAmong(listed)
    for (const request of listed) {
      await pace()
      for (const event of twinsHere(request).flatMap((twin) => newsOfTwin(request, twin))) {
        if (deps.clock.now() >= deadline) return
        const now = deps.clock.now()
        const change = deps.requests.advance(request, { ...event, at: now, now })
        const result = await unlessRefused(change, notWorkedOut(request))
        const news = result && newsOf(result)
        if (news) await tell(news)
      }
    }
  }
}

/** What a request does not know to be here that another one of its TVDB id does. */
function newsOfTwin(request: MediaRequest, twin: MediaRequest): Omit<RequestEvent, 'at' | 'now'>[] {
  const known = new Map(request.seasonState.map((season) => [season.seasonNumber, season.here?.episodes ?? 0]))
  const more = twin.seasonState.flatMap(({ seasonNumber, here }) =>
    here && here.episodes > (known.get(seasonNumber) ?? 0) ? [{ seasonNumber, ...here }] : [],
  )
  return more.map(({ seasonNumber, episodes, source }) => ({
    status: 'available' as const,
    source,
    counted: [{ seasonNumber, episodes }],
  }))
}
