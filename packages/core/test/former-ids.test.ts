import { describe, expect, it } from 'vitest'
import type { MediaRequest, RequestEvent } from '../src/index.ts'
import { firstFeedSettings } from '../src/index.ts'
import { applyEvent, feedBody, learnFacts, listedTitles, listedTvdbIds, twinsOf } from '../src/rules.ts'
import { aMovieRequest, aSeriesRequest } from '../src/testing/builders.ts'
import { textOf } from '../src/testing/text-of.ts'

const DAY = 24 * 3_600_000
const AT = Date.parse('2026-06-01')
const from = (tvdbId: number | undefined, given: Partial<RequestEvent> = {}): RequestEvent => ({
  status: 'available',
  source: 'sonarr',
  at: AT,
  now: AT,
  sonarrTvdbId: tvdbId,
  ...given,
})
const episode = (episodeNumber: number) => ({ parts: [{ seasonNumber: 1, episodeNumber }] })
const learn = (request: MediaRequest, tvdbId: number, at = AT) => learnFacts(request, { at, tvdbId }).request

describe('another id from the catalogue', () => {
  it('takes the place of the old one, which is remembered for 90 days', () => {
    const movie = learnFacts(aMovieRequest(), { at: AT, imdbId: 'tt7777777' }).request
    expect([movie.imdbId, movie.formerIds]).toEqual(['tt7777777', [{ imdbId: 'tt0133093', until: AT + 90 * DAY }]])
    expect(learnFacts(movie, { at: AT + 90 * DAY - 1 }).changed).toBe(false)
    expect(learnFacts(movie, { at: AT + 90 * DAY }).request).not.toHaveProperty('formerIds')
    const back = learnFacts(movie, { at: AT + 1, imdbId: 'tt0133093' }).request
    expect([back.imdbId, back.formerIds?.map((one) => one.imdbId)]).toEqual(['tt0133093', ['tt7777777']])
  })

  it('stands alone in Sonarr’s lists where nothing has arrived, else both do until Sonarr names the new one', () => {
    expect(listedTvdbIds(learn(aSeriesRequest(), 441_734))).toEqual([441_734])
    const here = applyEvent(aSeriesRequest(), from(81_189, episode(1))).request
    const renamed = learn(here, 441_734)
    expect(listedTvdbIds(renamed)).toEqual([441_734, 81_189])
    const old = applyEvent(renamed, from(81_189, episode(2))).request
    expect(listedTvdbIds(old)).toEqual([441_734, 81_189])
    const named = applyEvent(old, from(441_734, { status: 'picked_up' })).request
    expect(listedTvdbIds(named)).toEqual([441_734])
    expect(named.formerIds).toEqual([{ tvdbId: 81_189, until: AT + 90 * DAY }])
    expect(listedTvdbIds(learnFacts(renamed, { at: AT + 90 * DAY }).request)).toEqual([441_734])
  })

  it('is Sonarr’s own at once, and not brought back by the catalogue', () => {
    const here = applyEvent(aSeriesRequest(), from(441_734, episode(1))).request
    expect([here.tvdbId, listedTvdbIds(here)]).toEqual([441_734, [441_734]])
    expect(learn(here, 81_189, AT + DAY).tvdbId).toBe(441_734)
    expect(learn(here, 5, AT + DAY).tvdbId).toBe(5)
    expect(learn(here, 81_189, AT + 91 * DAY).tvdbId).toBe(81_189)
    expect(applyEvent(aMovieRequest(), from(7)).request).not.toHaveProperty('tvdbId')
  })
})

describe('the rows of a list', () => {
  const settings = firstFeedSettings()
  const rows = (feed: 'sonarr' | 'sonarr-program', requests: MediaRequest[]) =>
    JSON.parse(textOf(feedBody(feed, requests, settings)))
  const older = aSeriesRequest({
    tmdbId: 1,
    title: 'First',
    tvdbId: 50,
    seasons: [1],
    createdAt: 1,
    requestedBy: 'Ann',
  })
  const newer = aSeriesRequest({
    tmdbId: 2,
    title: 'Second',
    tvdbId: 50,
    seasons: [2],
    createdAt: 2,
    requestedBy: 'Bob',
  })

  it('have one for two requests of one TVDB id and profile, with the seasons of both', () => {
    const [row, ...others] = rows('sonarr-program', [newer, older])
    expect(others).toEqual([])
    expect(row).toMatchObject({ title: 'First', tmdbId: 1, tvdbId: 50, path: '/tv/First (2008)' })
    expect(row.seasons.filter((one: { monitored: boolean }) => one.monitored)).toHaveLength(2)
    expect(feedBody('sonarr-program', [newer, older], settings).rows).toBe(1)
    expect(textOf(feedBody('rss-tv', [newer, older], settings)).match(/<item>/g)).toHaveLength(1)
    expect(rows('sonarr', [newer, older])).toMatchObject([{ title: 'First', tvdbId: 50 }])
    expect(rows('sonarr-program', [newer])[0].seasons.map((one: { monitored: boolean }) => one.monitored)).toEqual([
      false,
      false,
      true,
    ])
  })

  it('have one each for other profiles, other ids and no id', () => {
    const uhd = { ...newer, qualityProfileId: 2 }
    const { tvdbId: _, ...unknown } = newer
    expect(listedTitles([older, uhd]).map((one) => one.request.tmdbId)).toEqual([1, 2])
    expect(listedTitles([older, unknown]).map((one) => one.tvdbId)).toEqual([50, undefined])
    const renamed = { ...older, formerIds: [{ tvdbId: 40, until: 9, listed: true as const }] }
    expect(listedTitles([renamed, newer]).map((one) => [one.tvdbId, one.all.length])).toEqual([
      [50, 2],
      [40, 1],
    ])
  })

  it('are shared with all but those that were withdrawn before anything came', () => {
    expect(twinsOf(older, [older, newer])).toEqual([newer])
    expect(twinsOf(older, [{ ...newer, withdrawnAt: 5 }, aMovieRequest()])).toEqual([])
    expect(twinsOf(older, [{ ...newer, withdrawnAt: 5, addedAt: 4 }])).toHaveLength(1)
    expect(twinsOf(older, [{ ...newer, status: 'gone' }])).toHaveLength(1)
  })
})
