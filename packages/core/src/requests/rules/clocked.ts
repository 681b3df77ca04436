import type { EpisodeMark, MediaRequest, SeasonState } from '../media-request.ts'

/**
 * A request in which nothing was said later than now. What is stamped later was stamped by a clock that was ahead, and
 * would outdo all that is said until then: it counts as said just before now.
 * @param now epoch ms
 */
export function clocked(request: MediaRequest, now: number): MediaRequest {
  const stamps = [
    request.statusAt,
    ...request.statements.map((one) => one.at),
    ...(request.clients ?? []).map((one) => one.at),
    ...request.seasonState.flatMap(({ counted, episodes = [] }) => [
      counted?.at ?? 0,
      ...episodes.map((one) => one.at),
    ]),
  ]
  if (stamps.every((at) => at <= now)) return request
  const before = (at: number) => (at > now ? now - 1 : at)
  const past = <Stamped extends { at: number }>(one: Stamped): Stamped => ({ ...one, at: before(one.at) })
  const mark = (one: EpisodeMark): EpisodeMark => ({
    ...past(one),
    ...(one.first !== undefined && { first: before(one.first) }),
    ...(one.lost !== undefined && { lost: before(one.lost) }),
  })
  const season = (one: SeasonState): SeasonState => ({
    ...one,
    ...(one.here && { here: past(one.here) }),
    ...(one.counted && { counted: past(one.counted) }),
    ...(one.episodes && { episodes: one.episodes.map(mark) }),
  })
  return {
    ...request,
    statusAt: before(request.statusAt),
    ...(request.addedAt !== undefined && { addedAt: before(request.addedAt) }),
    ...(request.lost && { lost: past(request.lost) }),
    statements: request.statements.map(past),
    ...(request.clients && { clients: request.clients.map(past) }),
    seasonState: request.seasonState.map(season),
  }
}
