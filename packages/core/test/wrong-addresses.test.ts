import { describe, expect, it } from 'vitest'
import { FEED_NAMES, FEEDS, SERVER_PATHS, wrongAppAt, wrongBaseAt } from '../src/rules.ts'

describe('a list', () => {
  it.each([
    ['radarr-program', 'Sonarr', 'sonarr-program'],
    ['radarr-tmdb', 'Sonarr', 'sonarr'],
    ['radarr', 'Sonarr', 'sonarr'],
    ['rss-movies', 'Sonarr', 'rss-tv'],
    ['sonarr-program', 'Radarr', 'radarr-program'],
    ['sonarr', 'Radarr', 'radarr-tmdb'],
    ['rss-tv', 'Radarr', 'rss-movies'],
  ] as const)('%s sends %s on to %s', (feed, app, right) => {
    expect(wrongAppAt(feed, app)).toBe(right)
    expect(wrongAppAt(right, app)).toBeUndefined()
  })

  it('takes its own client and whoever is neither, and one list takes both', () => {
    for (const feed of FEED_NAMES) {
      const own = FEEDS[feed].client === 'radarr' ? 'Radarr' : 'Sonarr'
      for (const app of [own, 'other', 'Lidarr', 'Prowlarr', 'Whisparr']) expect(wrongAppAt(feed, app)).toBeUndefined()
    }
    for (const app of ['Radarr', 'Sonarr']) expect(wrongAppAt('rss-all', app)).toBeUndefined()
  })
})

describe('an address', () => {
  const BOTH = ['radarr-program', 'sonarr-program']

  it.each([
    ['/api/v3/movie', 'other', ['radarr-program']],
    ['/api/v3/series/', 'other', ['sonarr-program']],
    ['/api/v3/languageprofile', 'other', ['sonarr-program']],
    ['/api/v3/tag', 'Radarr', ['radarr-program']],
    ['/api/v3/qualityprofile', 'Sonarr', ['sonarr-program']],
    ['/api/v3/rootfolder', 'other', BOTH],
    ['/api/v1/artist', 'Lidarr', BOTH],
    ['/lidarr', 'other', BOTH],
    ['/lidarr/api/v1/album', 'Lidarr', BOTH],
    ['/radarr/api/v3/api/v3/movie', 'Radarr', ['radarr-program']],
    ['/radarr/api/v3/movie/api/v3/tag', 'Radarr', ['radarr-program']],
    ['/radarr/radarr/api/v3/movie', 'Radarr', ['radarr-program']],
    ['/list/radarr/api/v3/movie', 'Radarr', ['radarr-program']],
    ['/list/sonarr/api/v3/tag', 'Sonarr', ['sonarr-program']],
    ['/rss/all/api/v3/series', 'Sonarr', ['sonarr-program']],
    ['/stellarr/radarr/api/v3/movie', 'Radarr', ['radarr-program']],
    ['/radarr/api/v1/album', 'Lidarr', BOTH],
    ['//api/v3/movie', 'Radarr', ['radarr-program']],
  ])('%s of %s is meant for %j', (path, app, meant) => {
    expect(wrongBaseAt(path, app)).toEqual(meant)
    expect(path).toMatch(SERVER_PATHS)
  })

  it.each([
    '/radarr/api/v3/movie',
    '/RADARR/api/v3/tag',
    '/sonarr/api/v3/series/',
    '/sonarr/api/v3/movie',
    '/radarr/api/v3/system/status',
    '/radarr',
    '/list/radarr',
    '/api/requests',
    '/api/v3x',
    '/title/movie/603',
    '/lidarrs',
    '/',
  ])('%s is what it is', (path) => {
    expect(wrongBaseAt(path, 'Radarr')).toBeUndefined()
  })
})
