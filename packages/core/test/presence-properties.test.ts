import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Broadcast, MediaRequest, RequestEvent, SeasonReached } from '../src/index.ts'
import { applyEvent, hasArrived, learnFacts, mergeSeasonChoice, wantedSeasons } from '../src/rules.ts'
import { aSeriesRequest } from '../src/testing/builders.ts'

const DAY = 24 * 3_600_000
const START = Date.parse('2026-03-01')
const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10)
const COUNT = 4
const SEASONS = [0, 1, 2].map((seasonNumber) => ({ seasonNumber, episodeCount: COUNT }))
/** When everything has been said, and the grace after the last episode is over. */
const END = START + 60 * DAY

type Step = (request: MediaRequest) => MediaRequest

const happens =
  (event: RequestEvent): Step =>
  (request) =>
    applyEvent(request, event).request
/** The catalogue's word at a time: so much of season 2 has aired. */
const learns =
  (aired: number, at: number, ended = false): Step =>
  (request) =>
    learnFacts(request, { at, seasons: SEASONS, broadcast: broadcastOf(aired, at, ended) }).request

function broadcastOf(aired: number, at: number, ended: boolean): Broadcast {
  const airing = (episodeNumber: number) => ({
    seasonNumber: 2,
    episodeNumber,
    airDate: dateOf(START + episodeNumber * DAY),
  })
  const last =
    aired > 0 ? { last: airing(aired) } : { last: { ...airing(COUNT), seasonNumber: 1, airDate: dateOf(at) } }
  return { ended, ...last, ...(aired < COUNT && { next: airing(aired + 1) }) }
}

/** What one sender says, in its order, at times that no other sender has. */
const saidBy = (
  source: 'sonarr' | 'plex' | 'emby',
  place: number,
  withCounts: boolean,
): fc.Arbitrary<RequestEvent[]> => {
  const episode = fc.record({
    kind: fc.constantFrom(
      'come' as const,
      'come' as const,
      'come' as const,
      'come' as const,
      'leave' as const,
      'take' as const,
    ),
    seasonNumber: fc.integer({ min: 0, max: 2 }),
    episodeNumber: fc.integer({ min: 1, max: COUNT }),
  })
  const count = fc.record({
    kind: fc.constant('count' as const),
    seasonNumber: fc.integer({ min: 1, max: 2 }),
    episodes: fc.integer({ min: 1, max: COUNT }),
  })
  return fc
    .array(withCounts ? fc.oneof({ weight: 4, arbitrary: episode }, count) : episode, { maxLength: 14 })
    .map((all) =>
      all.map((one, n): RequestEvent => {
        const at = START + n * 3 * 3_600_000 + place
        const said = { source, at, now: END }
        if (one.kind === 'count') {
          return { ...said, status: 'available', counted: [{ seasonNumber: one.seasonNumber, episodes: one.episodes }] }
        }
        const { seasonNumber, episodeNumber } = one
        if (one.kind === 'take') return { ...said, status: episodeNumber > 2 ? 'picked_up' : 'downloading' }
        return { ...said, status: one.kind === 'come' ? 'available' : 'lost', parts: [{ seasonNumber, episodeNumber }] }
      }),
    )
}

/** Puts queues together in some order that keeps each one's own. */
function mixed<One>(queues: readonly (readonly One[])[], draw: () => number): One[] {
  const left = queues.map((queue) => [...queue]).filter((queue) => queue.length > 0)
  const all: One[] = []
  while (left.length > 0) {
    const place = draw() % left.length
    const queue = left[place]
    const one = queue?.shift()
    if (one !== undefined) all.push(one)
    if (queue?.length === 0) left.splice(place, 1)
  }
  return all
}

const choices = fc.array(
  fc.record({
    seasons: fc.constantFrom<'all' | number[]>('all', [0], [1], [2], [1, 2]),
    futureSeasons: fc.boolean(),
  }),
  { maxLength: 2 },
)

/** What is here of it, without how it came to be known; of what is not, how far it has come goes by the order. */
const shown = ({ status, seasonState, seasons, futureSeasons }: MediaRequest) => ({
  status: hasArrived(status) && status,
  seasons,
  futureSeasons,
  state: seasonState.map(({ seasonNumber, aired, here, state }) => [seasonNumber, aired, here?.episodes, state]),
})

describe('what is here of a series', () => {
  const request = aSeriesRequest({ seasons: [2], createdAt: START - DAY, seasonState: SEASONS, statusAt: START - DAY })
  const steps = (
    events: readonly RequestEvent[][],
    wishes: readonly { seasons: 'all' | number[]; futureSeasons: boolean }[],
  ) => [
    ...events.map((queue) => queue.map(happens)),
    [
      learns(0, START),
      learns(2, START + 2 * DAY),
      (one: MediaRequest) => learnFacts(one, { at: START + 3 * DAY }).request,
    ],
    ...wishes.map((wish) => [(one: MediaRequest) => mergeSeasonChoice(one, wish).request]),
  ]
  const run = (all: readonly Step[]) => learns(3, END)(all.reduce((present, step) => step(present), request))

  it('ends the same in any order of facts, events, syncs, choices and steps of the clock', () => {
    const senders = fc.tuple(saidBy('sonarr', 1, true), saidBy('plex', 2, true), saidBy('emby', 3, true))
    fc.assert(
      fc.property(senders, choices, fc.infiniteStream(fc.nat()), (events, wishes, draws) => {
        const queues = steps(events, wishes)
        const draw = () => draws.next().value ?? 0
        const [end, other] = [run(mixed(queues, () => 0)), run(mixed(queues, draw))]
        expect(shown(other)).toEqual(shown(end))
      }),
      { numRuns: 1_000 },
    )
  })

  it('is never more than what came and did not leave', () => {
    fc.assert(
      fc.property(saidBy('sonarr', 1, false), choices, fc.infiniteStream(fc.nat()), (events, wishes, draws) => {
        const end = run(mixed(steps([events], wishes), () => draws.next().value ?? 0))
        const present = new Set<string>()
        for (const { status, parts = [] } of events) {
          for (const { seasonNumber, episodeNumber } of parts) {
            if (status === 'lost') present.delete(`${seasonNumber}/${episodeNumber}`)
            else present.add(`${seasonNumber}/${episodeNumber}`)
          }
        }
        const has = (season: number, count: number) =>
          Array.from({ length: count }, (_, n) => n + 1).every((number) => present.has(`${season}/${number}`))
        for (const { seasonNumber, state, aired = 0 } of end.seasonState) {
          if (state === 'complete') expect(has(seasonNumber, COUNT)).toBe(true)
          if (state === 'up_to_date') expect(aired > 0 && has(seasonNumber, aired)).toBe(true)
          if (state === 'some') expect([...present].some((name) => name.startsWith(`${seasonNumber}/`))).toBe(true)
        }
        const isHere = wantedSeasons(end).every(({ seasonNumber, aired = 0 }) => aired > 0 && has(seasonNumber, aired))
        expect(end.status === 'available').toBe(isHere)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('ten weekly episodes, each up to six days late', () => {
  const EPISODES = 10
  const airsAt = (number: number) => START + (number - 1) * 7 * DAY

  function catalogueAt(at: number, ended: boolean) {
    const aired = Array.from({ length: EPISODES }, (_, n) => n + 1).filter((number) => airsAt(number) <= at).length
    const airing = (episodeNumber: number) => ({
      seasonNumber: 1,
      episodeNumber,
      airDate: dateOf(airsAt(episodeNumber)),
    })
    const broadcast: Broadcast = {
      ended: ended && aired === EPISODES,
      ...(aired > 0 && { last: airing(aired) }),
      ...(aired < EPISODES && { next: airing(aired + 1) }),
    }
    return { at, seasons: [{ seasonNumber: 1, episodeCount: EPISODES, airDate: dateOf(START) }], broadcast }
  }

  it('tell people twice, and change the status once', () => {
    const late = fc.array(fc.integer({ min: 0, max: 6 * 24 }), { minLength: EPISODES, maxLength: EPISODES })
    const dailyHour = fc.integer({ min: 0, max: 23 })
    fc.assert(
      fc.property(late, dailyHour, fc.boolean(), fc.boolean(), (hours, hour, isAll, ended) => {
        const seasons = isAll ? ('all' as const) : [1]
        let request = aSeriesRequest({ seasons, seasonState: [], createdAt: START - DAY, statusAt: START - DAY })
        const told: SeasonReached[] = []
        const statuses: string[] = []
        const arrivals = hours.map((hoursLate, n) => ({ number: n + 1, at: airsAt(n + 1) + hoursLate * 3_600_000 }))
        for (let now = START - DAY; now < airsAt(EPISODES) + 14 * DAY; now += 3_600_000) {
          const outcomes = arrivals
            .filter((one) => one.at === now)
            .map(({ number, at }) => (one: MediaRequest) => {
              const parts = [{ seasonNumber: 1, episodeNumber: number }]
              return applyEvent(one, { status: 'available', source: 'sonarr', at, now, parts })
            })
          if (new Date(now).getUTCHours() === hour) outcomes.push((one) => learnFacts(one, catalogueAt(now, ended)))
          for (const outcome of outcomes) {
            const { request: next, reached = [] } = outcome(request)
            request = next
            told.push(...reached)
            if (statuses.at(-1) !== request.status) statuses.push(request.status)
          }
        }
        expect(told.map((one) => one.state)).toEqual(['up_to_date', 'complete'])
        expect(statuses).toEqual(['pending', 'available'])
      }),
      { numRuns: 100 },
    )
  })
})
