import { MEDIA_EVENT_SOURCES, type MediaEventSource } from '@stellarr/core'
import { describe, expect, it } from 'vitest'
import { JELLYFIN_TEMPLATE, strayAt } from '../src/senders/index.ts'
import { haveSamples, samples } from './sender-samples.ts'

const movie = { id: 1, title: 'Test Title', tmdbId: 0 }
const series = { id: 1, title: 'Test Title', tvdbId: 1234 }
const MESSAGES: Record<MediaEventSource, object> = {
  plex: { event: 'library.new', Server: { title: 'Attic' }, Metadata: { type: 'movie' } },
  jellyfin: JSON.parse(JELLYFIN_TEMPLATE.replace('{{{NotificationType}}}', 'ItemAdded')),
  emby: { Event: 'library.new', Item: { Type: 'Movie' } },
  sonarr: { eventType: 'Download', series, episodes: [] },
  radarr: { eventType: 'Download', movie },
}

describe('a message at another sender’s address', () => {
  it('is known by what it holds, and is told where it belongs', () => {
    for (const at of MEDIA_EVENT_SOURCES) {
      for (const of of MEDIA_EVENT_SOURCES) {
        const reason = expect.stringMatching(new RegExp(`^This is a message of ${of} .*/webhook/${of}\\.$`, 'i'))
        expect(strayAt(at, MESSAGES[of]), `${of} at ${at}`).toEqual(at === of ? undefined : { reason, isTest: false })
      }
    }
  })

  it('may be a test', () => {
    expect(strayAt('sonarr', { eventType: 'Test', movie })).toMatchObject({ isTest: true })
    expect(strayAt('radarr', { eventType: 'Test', series })).toMatchObject({ isTest: true })
    expect(strayAt('plex', { Event: 'system.notificationtest' })).toMatchObject({ isTest: true })
    expect(strayAt('radarr', { eventType: 'Test', movie })).toBeUndefined()
  })

  it.each([
    ['Radarr’s or Sonarr’s, about no title', { eventType: 'Health', level: 'warning' }],
    ['about both', { eventType: 'Download', movie, series }],
    ['about neither', { eventType: 'Download', movie: null, series: 'x' }],
    ['without a name', { movie }],
    ['of two names', { event: 'library.new', Event: 'library.new' }],
    ['nothing', null],
    ['a text', 'eventType'],
    ['a list', [{ eventType: 'Test', movie }]],
  ])('is none where that is not certain: %s', (_what, body) => {
    for (const at of MEDIA_EVENT_SOURCES) expect(strayAt(at, body)).toBeUndefined()
  })

  it.runIf(haveSamples)('is none of the samples at hand, and nearly each of them elsewhere', () => {
    for (const of of MEDIA_EVENT_SOURCES) {
      const all = Object.entries(samples(`${of}_webhook`))
      for (const [name, body] of all) expect(strayAt(of, body), name).toBeUndefined()
      const unknown = all.filter(([, body]) => strayAt(of === 'plex' ? 'emby' : 'plex', body) === undefined)
      // A tool on the way has put another sender's field into this one.
      expect(unknown.map(([name]) => name)).toEqual(of === 'plex' ? ['media_pause_movie_extra_keys'] : [])
    }
  })
})
