import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Fault, type Storage } from '@stellarr/core'
import { aMovieRequest } from '@stellarr/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportToFile } from '../src/export-house.ts'
import { aFolder, bodyOf, cli, failure, furnish, linesIn, openFile, withFile } from './cli-house.ts'

const folder = aFolder()
const at = (name: string) => join(folder, name)
const RUNNER = fileURLToPath(new URL('./run-cli.ts', import.meta.url))
const ROWS = 20_000

beforeAll(async () => {
  await withFile(at('full.db'), (store) => furnish(store, ROWS))
  await cli(['export', at('full.jsonl'), '--store', `sqlite:${at('full.db')}`])
})

/** Runs the command in a process of its own, which dies by kill -9 once a file has so many bytes. */
async function killed(args: readonly string[], file: string, bytes: number): Promise<void> {
  const env = { ...process.env, DIE_FILE: file, DIE_BYTES: String(bytes) }
  const child = spawn(process.execPath, [RUNNER, ...args], { stdio: 'ignore', env })
  await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
}

const exporting = (storage: Storage, file: string) => {
  const said: string[] = []
  const nowhere = new Writable({ write: (_, __, done) => done() })
  return { said, done: exportToFile(file, { storage, kind: 'sqlite', say: (text) => said.push(text) }, nowhere) }
}

/** The store, with something done before each page of its library. */
function watchedLibrary(store: Storage, before: (page: number) => Promise<unknown> | undefined): Storage {
  let page = 0
  return {
    ...store,
    library: {
      ...store.library,
      async exportAll(cursor) {
        page += 1
        await before(page)
        return store.library.exportAll(cursor)
      },
    },
  }
}

const failingAt = (store: Storage, failing: number) =>
  watchedLibrary(store, (page) =>
    page === failing ? Promise.reject(new Fault('storage_unavailable', 'down')) : undefined,
  )

describe('an export that was cut off', () => {
  it('by kill -9 goes on and comes to the same', async () => {
    const file = at('killed.jsonl.gz')
    const args = ['export', file, '--store', `sqlite:${at('full.db')}`]
    const part = `${file}.part`
    await killed(args, part, 300_000)
    expect(existsSync(file)).toBe(false)
    const { err } = await cli(args)
    expect(err).toMatch(/^Going on after [\d,]+ rows that were written before\.$/m)
    expect(bodyOf(file)).toEqual(bodyOf(at('full.jsonl')))
    expect(linesIn(file).at(-1)).toContain(`"library":${ROWS}`)
    expect(existsSync(part)).toBe(false)
    expect((await cli(['import', file, '--dry-run', '--store', `sqlite:${at('none.db')}`])).out).toContain('whole')
  })

  it('by a fault, in a line or after rubbish goes on after the last whole page', async () => {
    const store = await openFile(at('full.db'))
    const file = at('faulty.jsonl')
    const faulty = failingAt(store, 5)
    await expect(exporting(faulty, file).done).rejects.toThrow('down')
    const part = `${file}.part`
    const whole = readFileSync(part, 'utf8')
    for (const harm of [
      () => truncateSync(part, whole.length - 700),
      () => appendFileSync(part, '{"kind":"library"}\n'),
    ]) {
      writeFileSync(part, whole)
      harm()
      const again = exporting(failingAt(store, 2), file)
      await expect(again.done).rejects.toThrow('down')
      expect(again.said[0]).toMatch(/^Going on after/)
    }
    const last = exporting(store, file)
    expect((await last.done).resumed).toBeGreaterThan(3_000)
    await store.close()
    expect(bodyOf(file)).toEqual(bodyOf(at('full.jsonl')))
  })

  it.each<[what: string, change: (store: Storage) => Promise<unknown>]>([
    ['requests', (store) => store.requests.add(aMovieRequest({ tmdbId: 77 }))],
    ['settings', (store) => store.settings.set('reader-keys', 'others')],
    ['devices', (store) => store.pushSubscriptions.remove('https://push.example/1')],
    ['known title ids', (store) => store.plexGuids.save('plex://movie/1', { mediaType: 'movie', tmdbId: 1 })],
  ])('begins anew when the store’s %s have changed since', async (what, change) => {
    const path = at(`${what}.db`)
    const store = await openFile(path)
    await furnish(store, 4_000)
    const file = at(`${what}.jsonl`)
    const faulty = failingAt(store, 3)
    await expect(exporting(faulty, file).done).rejects.toThrow('down')
    await change(store)
    const { said, done } = exporting(store, file)
    expect((await done).resumed).toBe(0)
    expect(said).toEqual([])
    await store.close()
    expect((await cli(['import', file, '--store', `sqlite:${at(`${what}-copy.db`)}`])).out).toContain(
      'may be read again',
    )
    await cli(['export', at(`${what}-whole.jsonl`), '--store', `sqlite:${path}`])
    expect(bodyOf(file)).toEqual(bodyOf(at(`${what}-whole.jsonl`)))
  })

  it('goes on when nothing but the notes of who reads the feeds has changed', async () => {
    const store = await openFile(at('readers.db'))
    await furnish(store, 4_000)
    await store.settings.set('feed-readers', '[]')
    const file = at('readers.jsonl')
    await expect(exporting(failingAt(store, 3), file).done).rejects.toThrow('down')
    await store.settings.set('feed-readers', '[1]')
    expect((await exporting(store, file).done).resumed).toBeGreaterThan(1_000)
    await store.close()
  })
})

describe('a store that changes while it is read', () => {
  it('is read again, and given up after three times', async () => {
    const store = await openFile(at('changing.db'))
    await furnish(store, 2_500)
    for (let tmdbId = 1; tmdbId <= 10; tmdbId += 1) await store.requests.add(aMovieRequest({ tmdbId }))
    const changing = (pages: readonly number[]) =>
      watchedLibrary(store, (page) =>
        pages.includes(page) ? store.requests.remove({ mediaType: 'movie', tmdbId: page }) : undefined,
      )
    const once = exporting(changing([2]), at('changed-once.jsonl'))
    await once.done
    expect(once.said).toEqual(['The store was changed while it was read: reading it again.'])
    expect(linesIn(at('changed-once.jsonl')).filter((line) => line.startsWith('{"kind":"header"'))).toHaveLength(1)
    const losing = watchedLibrary(store, (page) =>
      page === 2 ? store.pushSubscriptions.remove('https://push.example/1') : undefined,
    )
    const device = exporting(losing, at('changed-device.jsonl'))
    expect((await device.done).counts.subscription).toBe(0)
    expect(device.said).toEqual(['The store was changed while it was read: reading it again.'])
    const always = exporting(changing([1, 4, 7, 10]), at('changed.jsonl'))
    await expect(always.done).rejects.toThrow(/^The store keeps changing while it is read: stop Stellarr first/)
    expect(existsSync(at('changed.jsonl'))).toBe(false)
    await store.close()
  })
})

describe('an import that was cut off', () => {
  it('by kill -9 goes on and comes to the same, its feeds closed in between', async () => {
    const path = at('copy.db')
    const args = ['import', at('full.jsonl'), '--store', `sqlite:${path}`]
    await killed(args, `${path}-wal`, 500_000)
    await withFile(path, async (store) => {
      expect(JSON.parse((await store.settings.get('feeds')) ?? '')).toHaveProperty('importing')
      const { movie, tv } = await store.library.listIds()
      expect([movie.length + tv.length > 0, movie.length + tv.length < ROWS]).toEqual([true, true])
    })
    expect(await failure(['export', at('half.jsonl'), '--store', `sqlite:${path}`])).toMatch(
      /^An import into this store/,
    )
    const { err, out } = await cli(args)
    expect(err).toMatch(/^Went on after [\d,]+ rows that were imported before\.$/m)
    expect(out).toContain(`All ${(ROWS + 6).toLocaleString('en')} rows were read back`)
    await cli(['export', at('copy.jsonl'), '--store', `sqlite:${path}`])
    expect(bodyOf(at('copy.jsonl'))).toEqual(bodyOf(at('full.jsonl')))
  })
})
