import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aMovieRequest, faultOf, fixedClock } from '@stellarr/core/testing'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { lockWaiting } from '../src/database/waiting.ts'
import { openSqliteStorage } from '../src/index.ts'

/** A lock that another holds, a clock that moves as pauses pass, and how often it was asked for. */
function aLock() {
  const lock = { isHeld: true, now: 0, tries: 0, pauses: [] as number[], freeAt: Number.POSITIVE_INFINITY }
  const waiting = lockWaiting({
    now: () => lock.now,
    async pause(ms) {
      lock.pauses.push(ms)
      lock.now += ms
      if (lock.now >= lock.freeAt) lock.isHeld = false
    },
  })
  const work = (name: string) => () => {
    lock.tries += 1
    if (lock.isHeld) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
    return name
  }
  return {
    lock,
    write: (name = 'done') => waiting.write(work(name)),
    read: (name = 'read') => waiting.read(work(name)),
  }
}

const codeOf = (work: Promise<unknown>) => work.then(String, (error: { code?: string }) => error.code)

describe('waiting for a lock', () => {
  it('costs nothing where nobody holds it', async () => {
    const { lock, write, read } = aLock()
    lock.isHeld = false
    expect([await write(), await read(), lock.tries, lock.pauses]).toEqual(['done', 'read', 2, []])
  })

  it('tries again after pauses that grow, and ends once the lock is free', async () => {
    const { lock, write } = aLock()
    lock.freeAt = 300
    expect(await write()).toBe('done')
    expect(lock.now).toBeLessThanOrEqual(350)
    expect(lock.pauses.slice(0, 3)).toEqual([5, 7.5, 11.25])
    expect(Math.max(...lock.pauses)).toBe(50)
  })

  it('ends after two seconds for all who stand in the line, and they ask no more often than one', async () => {
    const one = aLock()
    expect(await codeOf(one.write())).toBe('SQLITE_BUSY')
    const many = aLock()
    const all = Array.from({ length: 20 }, () => codeOf(many.write()))
    expect(new Set(await Promise.all(all))).toEqual(new Set(['SQLITE_BUSY']))
    expect([one.lock.now, many.lock.now]).toEqual([2_000, 2_000])
    expect(many.lock.tries).toBe(one.lock.tries)
  })

  it('after a wait in vain refuses at once for two seconds, unless the lock is free', async () => {
    const { lock, write } = aLock()
    await codeOf(write())
    const before = { ...lock }
    for (let n = 1; n <= 5; n += 1) expect(await codeOf(write())).toBe('SQLITE_BUSY')
    expect([lock.now, lock.tries]).toEqual([before.now, before.tries + 5])
    lock.isHeld = false
    expect(await write()).toBe('done')
    lock.isHeld = true
    lock.now = 4_000
    expect(await codeOf(write())).toBe('SQLITE_BUSY')
    expect(lock.now).toBe(6_000)
  })

  it('lets those in the line through in their order, each in a turn of its own', async () => {
    const { lock, write, read } = aLock()
    lock.freeAt = 100
    const done: string[] = []
    const names = ['a', 'b', 'c', 'd']
    const all = names.map((name) => write(name).then((what) => done.push(what)))
    // Who comes while others wait stands behind them; a read waits for none of them.
    lock.isHeld = false
    expect(await read()).toBe('read')
    lock.isHeld = true
    await Promise.all([...all, write('e').then((what) => done.push(what))])
    expect(done).toEqual([...names, 'e'])
    expect(lock.pauses.filter((ms) => ms === 0)).toHaveLength(5)
  })

  it('passes on what else goes wrong, and the others go on', async () => {
    const { lock, write } = aLock()
    const waiting = write()
    lock.freeAt = 50
    expect(await waiting).toBe('done')
    const wrong = lockWaiting({ now: () => 0, pause: async () => {} })
    let isFirst = true
    const fails = () => {
      if (!isFirst) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
      isFirst = false
      throw Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' })
    }
    const [failed, other] = [codeOf(wrong.write(fails)), wrong.write(() => 'other')]
    expect([await failed, await other]).toEqual(['SQLITE_FULL', 'other'])
  })
})

describe('while another program holds the database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-waiting-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('20 writers are refused in time, all else goes on, and the first write after it is taken', async () => {
    const path = join(folder, 'held.db')
    const store = await openSqliteStorage({ path, clock: fixedClock() })
    await store.requests.add(aMovieRequest())
    const other = new Sqlite(path)
    other.exec('BEGIN IMMEDIATE')
    let [last, longest] = [performance.now(), 0]
    const looking = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    const began = performance.now()
    const refused = Array.from({ length: 20 }, (_, n) => faultOf(store.requests.add(aMovieRequest({ tmdbId: n + 1 }))))
    expect(await store.requests.list({})).toHaveLength(1)
    expect(new Set(await Promise.all(refused))).toEqual(new Set(['storage_unavailable']))
    expect(await faultOf(store.settings.set('a', 'b'))).toBe('storage_unavailable')
    expect(performance.now() - began).toBeLessThan(2_200)
    clearInterval(looking)
    expect(longest).toBeLessThan(100)
    expect(await store.requests.list({})).toHaveLength(1)
    other.exec('ROLLBACK')
    other.close()
    expect(await store.requests.add(aMovieRequest({ tmdbId: 2 }))).toBe('added')
    await store.close()
  })
})
