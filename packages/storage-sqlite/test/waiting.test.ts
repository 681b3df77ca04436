import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { lockWaiting } from '../src/database/waiting.ts'
import { whileHeld } from './held.ts'

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

  it('whatever writes is refused in time, all else goes on, and the first write after it is taken', async () => {
    const { outcomes, slowest, longest, rows, after } = await whileHeld(folder, 20)
    expect(new Set(outcomes)).toEqual(new Set(['storage_unavailable']))
    expect(outcomes).toHaveLength(24)
    expect(slowest).toBeLessThan(2_200)
    expect(longest).toBeLessThan(100)
    // A list is whole although its first read could not be noted.
    expect([rows, after]).toEqual([1, 'added'])
  })
})
