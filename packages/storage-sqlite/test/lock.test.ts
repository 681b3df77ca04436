import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { faultOf, fixedClock } from '@stellarr/core/testing'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { lockStore, openSqliteStorage } from '../src/index.ts'
import { raceForLock, startHolder } from './lock-holders.ts'

const root = mkdtempSync(join(tmpdir(), 'stellarr-lock-'))
const holders = [startHolder(), startHolder(), startHolder()] as const
afterAll(async () => {
  await Promise.all(holders.map((holder) => holder.end('SIGTERM')))
  rmSync(root, { recursive: true, force: true })
})

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'store-'))
  path = join(folder, 'stellarr.db')
})

const version = '0.1.0'
const [holder] = holders

/** What is said to who does not get it. */
const refusalOf = (asking: Promise<unknown>) =>
  asking.then(
    () => 'it got the lock',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777

describe('the lock of a store', () => {
  it('is got by exactly one of those who ask at once', async () => {
    expect(await raceForLock(path, 10, holders)).toEqual(Array(10).fill(1))
  })

  it('names its holder to who is refused', async () => {
    expect(await holder.tell(path)).toBe('held')
    const { since, ...rest } = JSON.parse(readFileSync(`${path}.lock.json`, 'utf8'))
    expect(rest).toEqual({ pid: holder.pid, hostname: hostname(), version })
    const minute = `${since.slice(0, 10)} ${since.slice(11, 16)} UTC`
    expect(await refusalOf(lockStore(path))).toBe(
      `Another Stellarr (process ${holder.pid} on ${hostname()}, since ${minute}) is using ${path}. Stop it first.`,
    )
    expect(await faultOf(lockStore(path))).toBe('wrong_store')
    await holder.tell(null)
  })

  it('is said to be held also where nothing tells by whom', async () => {
    const lock = await lockStore(path, { version })
    for (const text of ['', 'null', '{"pid":"12"}']) {
      writeFileSync(`${path}.lock.json`, text)
      expect(await refusalOf(lockStore(path))).toBe(`Another Stellarr is using ${path}, or its disk cannot lock files.`)
    }
    lock.release()
  })

  it('is free as soon as its holder was killed', async () => {
    const killed = startHolder()
    expect(await killed.tell(path)).toBe('held')
    await killed.end('SIGKILL')
    expect(await holder.tell(path)).toBe('held')
    await holder.tell(null)
  })

  it('is waited for without stopping anything else', async () => {
    const lock = await lockStore(path, { version })
    setTimeout(() => lock.release(), 150)
    const next = await lockStore(path, { version, waitMs: 5_000 })
    expect(await refusalOf(lockStore(path, { waitMs: 150 }))).toContain('Stop it first.')
    next.release()
  })

  it('is one file, empty and for its owner alone, that stays', async () => {
    const lock = await lockStore(path, { version })
    expect(readdirSync(folder)).toEqual(['stellarr.db.lock', 'stellarr.db.lock.json'])
    expect([modeOf('stellarr.db.lock'), modeOf('stellarr.db.lock.json')]).toEqual([0o600, 0o600])
    lock.release()
    expect(readdirSync(folder)).toEqual(['stellarr.db.lock'])
    expect(statSync(`${path}.lock`).size).toBe(0)
  })

  it('that was released a second time stays with its new holder', async () => {
    const lock = await lockStore(path, { version })
    lock.release()
    await holder.tell(path)
    lock.release()
    expect(await refusalOf(lockStore(path))).toContain(`process ${holder.pid} on`)
    await holder.tell(null)
  })

  it('is the same over a link to the store', async () => {
    await (await openSqliteStorage({ path, clock: fixedClock() })).close()
    const link = join(root, 'link.db')
    symlinkSync(path, link)
    await holder.tell(link)
    expect(await refusalOf(lockStore(path))).toContain('Stop it first.')
    await holder.tell(null)
  })

  it('is a fault with one line where nothing can be locked', async () => {
    const nowhere = join(folder, 'none', 'stellarr.db')
    expect(await faultOf(lockStore(nowhere))).toBe('storage_unavailable')
    expect(await refusalOf(lockStore(nowhere))).toBe(`${nowhere}.lock cannot be locked (ENOENT).`)
    writeFileSync(`${path}.lock`, 'not a database at all, but long enough to look like a file'.repeat(50))
    expect(await refusalOf(lockStore(path))).toBe(`${path}.lock cannot be locked (SQLITE_NOTADB).`)
  })

  it('is released with the store that holds it, and by one that cannot be opened', async () => {
    const store = await openSqliteStorage({ path, clock: fixedClock(), lock: await lockStore(path, { version }) })
    expect(await holder.tell(path)).toContain(`process ${process.pid} on`)
    // Reading needs no lock.
    const reader = await openSqliteStorage({ path, clock: fixedClock() })
    expect(await reader.requests.list({})).toEqual([])
    await reader.close()
    expect(await holder.tell(path)).toContain(`process ${process.pid} on`)
    await store.close()
    expect(await holder.tell(path)).toBe('held')
    await holder.tell(null)
    writeFileSync(path, 'not a database at all, but long enough to look like a file'.repeat(50))
    const lock = await lockStore(path, { version })
    expect(await faultOf(openSqliteStorage({ path, clock: fixedClock(), lock }))).toBe('storage_corrupt')
    expect(await holder.tell(path)).toBe('held')
    await holder.tell(null)
  })
})
