import type { MediaRequest, RequestEvent, SeasonState } from '../src/index.ts'
import { applyEvent, settle } from '../src/rules.ts'
import { aSeriesRequest } from '../src/testing/builders.ts'

/** A day, `YYYY-MM-DD`, as epoch ms. */
export const day = (text: string) => Date.parse(text)
/** An episode and its day on the air. */
export const airing = (seasonNumber: number, episodeNumber: number, airDate: string) => ({
  seasonNumber,
  episodeNumber,
  airDate,
})
/** A season of a list. */
export const seasonOf = (seasonNumber: number, episodeCount: number, more: Partial<SeasonState> = {}): SeasonState => ({
  seasonNumber,
  episodeCount,
  ...more,
})
/** A request whose seasons have been worked out. */
export const asked = (given: Partial<MediaRequest>, now = day('2026-06-01')) =>
  settle(aSeriesRequest(given), now).request
/** Sonarr tells of the episodes `from` to `to`. */
export const episodes = (seasonNumber: number, from: number, to: number, at: number, gone = false): RequestEvent => ({
  status: gone ? 'lost' : 'available',
  source: 'sonarr',
  at,
  now: at,
  parts: Array.from({ length: to - from + 1 }, (_, n) => ({ seasonNumber, episodeNumber: from + n })),
})
/** Plex counts its library. */
export const counted = (at: number, ...seasons: [number, number][]): RequestEvent => ({
  status: 'available',
  source: 'plex',
  at,
  now: at,
  counted: seasons.map(([seasonNumber, count]) => ({ seasonNumber, episodes: count })),
})
/** A request after events. */
export const after = (request: MediaRequest, ...events: RequestEvent[]) =>
  events.reduce((present, event) => applyEvent(present, event).request, request)
/** A day on which everything has aired that has a date in the past. */
export const T = day('2026-06-02')
/** Episodes 1 to `count`. */
export const parts = (seasonNumber: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({ seasonNumber, episodeNumber: n + 1 }))
/** How a season stands. */
export const stateOf = (request: MediaRequest, number: number) =>
  request.seasonState.find((season) => season.seasonNumber === number)?.state
