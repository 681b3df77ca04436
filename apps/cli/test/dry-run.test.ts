import { join } from 'node:path'
import type { Storage } from '@stellarr/core'
import { aMovieRequest, aSeriesRequest } from '@stellarr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { aFolder, cli, failure, furnish, withFile } from './cli-house.ts'

const folder = aFolder()
const at = (name: string) => join(folder, name)
const importing = (name: string) => ['import', at('full.jsonl'), '--store', `sqlite:${at(name)}`]

beforeAll(async () => {
  await withFile(at('full.db'), async (store) => {
    await furnish(store, 3)
    await store.settings.set('reader-keys', '[{"id":"there"}]')
  })
  await cli(['export', at('full.jsonl'), '--store', `sqlite:${at('full.db')}`])
})

const subscribe = (store: Storage) =>
  store.pushSubscriptions.save({
    endpoint: 'https://push.example/2',
    user: 'Bob',
    keys: { p256dh: 'p', auth: 'a' },
    language: 'en',
    createdAt: 1,
  })

describe('a store without rows, but with settings of its own', () => {
  it('is not written over, and a dry run says so', async () => {
    const feeds = await withFile(at('full.db'), async (store) => (await store.settings.get('feeds')) ?? '')
    await withFile(at('own.db'), async (store) => {
      await store.settings.set('reader-keys', '[{"id":"here"}]')
      await store.settings.set('vapid', 'of its own')
      await store.settings.set('feeds', JSON.stringify({ ...JSON.parse(feeds), tagsHidden: true }))
      await subscribe(store)
    })
    const said =
      'The store is in use already: the import would replace its own settings of the lists, API keys of readers, VAPID keys of its devices. Choose an empty one, or --merge: what is there stays, and what is missing is added.'
    expect(await failure(importing('own.db'))).toBe(said)
    expect(await failure([...importing('own.db'), '--dry-run'])).toBe(said)
    const { out } = await cli([...importing('own.db'), '--merge', '--dry-run'])
    expect(out).toContain('  1 device: 1 left out\n')
    expect(out).toContain('  3 settings: 3 there with other contents, which stay\n')
    await cli([...importing('own.db'), '--merge'])
    await withFile(at('own.db'), async (store) => {
      expect(await store.settings.get('reader-keys')).toBe('[{"id":"here"}]')
      expect(await store.settings.get('vapid')).toBe('of its own')
    })
  })

  it('is filled where nobody hangs on them, and a dry run says that they are replaced', async () => {
    await withFile(at('new.db'), (store) => store.settings.set('vapid', 'of nobody'))
    const { out } = await cli([...importing('new.db'), '--dry-run'])
    expect(out).toContain('  3 settings: 1 there with other contents, which are replaced, 2 brought in\n')
    expect(out).toContain('  1 device: 1 brought in\n')
    expect((await cli(importing('new.db'))).out).toContain('  3 settings: 3 as in the file\n')
  })
})

describe('a dry run', () => {
  it('says when the import ended before, and what --merge would bring back', async () => {
    await cli(importing('ended.db'))
    await withFile(at('ended.db'), async (store) => {
      await store.requests.remove(aMovieRequest())
    })
    expect((await cli([...importing('ended.db'), '--dry-run'])).out).toBe(
      'This very file was imported before; nothing was changed. --merge brings back what has gone since.\n',
    )
    expect((await cli([...importing('ended.db'), '--dry-run', '--merge'])).out).toContain(
      '  2 requests: 1 there already, 1 brought in\n',
    )
    await withFile(at('ended.db'), async (store) => {
      expect(await store.requests.find(aMovieRequest())).toBeUndefined()
    })
  })

  it('says what an import that has begun would stop at', async () => {
    await cli(importing('begun.db'))
    await withFile(at('begun.db'), async (store) => {
      const { id } = JSON.parse((await store.settings.get('import-progress')) ?? '')
      await store.settings.set('import-progress', JSON.stringify({ id, done: 0 }))
      await store.requests.withdraw(aSeriesRequest(), 1)
    })
    expect((await cli([...importing('begun.db'), '--dry-run'])).out).toContain(
      '  2 requests: 1 there already, 1 there with other contents, which stop it without --merge\n',
    )
    expect(await failure(importing('begun.db'))).toMatch(/^1 of \d+ rows are not in the store/)
  })
})
