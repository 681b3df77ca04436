import type { MediaCatalog } from '@stellarr/core'
import { fixedClock, memoryStorage } from '@stellarr/core/testing'
import type { Context } from 'aws-lambda'
import { describe, expect, it, vi } from 'vitest'
import { lazyCatalog } from '../src/catalogue.ts'
import { createLogger } from '../src/logger.ts'
import { settingsWitness } from '../src/store-witness.ts'

describe('the store that settings name', () => {
  async function aStore() {
    const store = memoryStorage({ clock: fixedClock() })
    return { store, id: await store.identity.storeId() }
  }

  it('is known by its id, whatever its revision', async () => {
    const { store, id } = await aStore()
    const witness = settingsWitness(id, store.settings)
    expect(await witness.load(id)).toEqual({ storeId: id, revision: 0 })
    await witness.save({ storeId: id, revision: 7 })
    expect(await witness.load(id)).toEqual({ storeId: id, revision: 0 })
    expect((await store.settings.exportAll()).rows).toEqual([])
  })

  it('may be replaced by another one on the admin’s word, for as long as the settings name the same', async () => {
    const { store, id } = await aStore()
    expect(await settingsWitness('expected', store.settings).load(id)).toEqual({ storeId: 'expected', revision: 0 })
    await settingsWitness('expected', store.settings).save({ storeId: id, revision: 1 })
    expect(await settingsWitness('expected', store.settings).load(id)).toEqual({ storeId: id, revision: 0 })
    expect(await settingsWitness('expected later', store.settings).load(id)).toEqual({
      storeId: 'expected later',
      revision: 0,
    })
    expect(await settingsWitness(id, store.settings).load(id)).toEqual({ storeId: id, revision: 0 })
  })

  it('is any when they name none', async () => {
    const { store, id } = await aStore()
    const witness = settingsWitness(undefined, store.settings)
    await witness.save({ storeId: id, revision: 1 })
    expect(await witness.load(id)).toBeUndefined()
  })
})

it('logs with the request’s id and masks secrets wherever they stand', () => {
  const lines: string[] = []
  const write = (line: string | Uint8Array) => lines.push(String(line)) > 0
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(write))
  const logger = createLogger('info', ['canary-secret', ''])
  logger.invocation({ awsRequestId: 'the-request' } as Context)
  logger.debug('not asked for')
  logger.info('with canary-secret in it', { path: '/list?token=canary-secret' })
  logger.error('failed', { feed: 'radarr' }, new Error('x', { cause: new Error('key=canary-secret') }))
  for (const spy of spies) spy.mockRestore()
  const [info, error] = lines.map((line) => JSON.parse(line))
  expect(lines).toHaveLength(2)
  expect(info).toMatchObject({ message: 'with *** in it', path: '/list?token=***', function_request_id: 'the-request' })
  expect(error).toMatchObject({ level: 'ERROR', feed: 'radarr', error: { message: 'x', stack: expect.any(String) } })
  expect(lines.join('')).not.toContain('canary-secret')
})

it('loads a catalogue at its first use, once', async () => {
  let loads = 0
  const item = { mediaType: 'movie', tmdbId: 1, title: 'T', overview: '', voteAverage: 0 } as const
  const real: MediaCatalog = {
    kind: 'tmdb',
    search: async ({ page }) => ({ results: [], page, totalPages: 0, totalResults: 0 }),
    details: async (key, language) => ({ ...item, ...key, title: language, genres: [], seasons: [] }),
    trending: async () => [item],
  }
  const lazy = lazyCatalog('tmdb', async () => {
    loads += 1
    return real
  })
  expect([lazy.kind, loads]).toEqual(['tmdb', 0])
  const [page, title, items] = await Promise.all([
    lazy.search({ query: 'x', page: 3, language: 'en' }),
    lazy.details({ mediaType: 'tv', tmdbId: 2 }, 'de'),
    lazy.trending('all', 'en'),
  ])
  expect([page.page, title?.title, items, loads]).toEqual([3, 'de', [item], 1])
})
