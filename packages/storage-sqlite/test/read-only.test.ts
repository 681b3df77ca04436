import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aLibraryItem, aMovieRequest, faultOf, fixedClock } from '@stellarr/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lookAtLock, openSqliteStorage, readSqliteStorage } from '../src/index.ts'
import { startHolder } from './lock-holders.ts'
import { putOldStore } from './old-stores/index.ts'

const clock = fixedClock()
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stellarr-read-'))
  path = join(folder, 'stellarr.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a store that is only looked at', () => {
  it('says what is in it, also what another writes meanwhile, and takes nothing', async () => {
    const written = await openSqliteStorage({ path, clock })
    await written.requests.add(aMovieRequest())
    const looked = readSqliteStorage({ path, clock })
    expect((await looked.figures()).requests).toEqual({ pending: 1 })
    await written.requests.add(aMovieRequest({ tmdbId: 2 }))
    await written.library.add('sync', [aLibraryItem()])
    expect(await looked.figures()).toMatchObject({ requests: { pending: 2 }, libraryItems: 1, devices: 0, outbox: 0 })
    expect((await looked.figures()).revision).toBe(await written.revision.current())
    expect(await faultOf(looked.settings.set('a', 'b'))).toBe('storage_unavailable')
    expect(await looked.damage()).toBeUndefined()
    await looked.close()
    await written.requests.add(aMovieRequest({ tmdbId: 3 }))
    expect(written.isInPlace()).toBe(true)
    await written.close()
  })

  it('is not upgraded, made or taken for ours', async () => {
    const opens = async () => readSqliteStorage({ path, clock }).close()
    expect(await faultOf(opens())).toBe('storage_unavailable')
    expect(readdirSync(folder)).toEqual([])
    putOldStore('0004-new-store', path)
    const before = statSync(path)
    expect(await faultOf(opens())).toBe('wrong_store')
    expect([statSync(path).size, statSync(path).mtimeMs]).toEqual([before.size, before.mtimeMs])
  })
})

describe('a lock that is only looked at', () => {
  it('is not taken, and says who holds it', async () => {
    expect(lookAtLock(path)).toEqual({ isHeld: false })
    await (await openSqliteStorage({ path, clock })).close()
    const holder = startHolder()
    try {
      expect(await holder.tell(path)).toBe('held')
      for (let looks = 0; looks < 2; looks += 1) {
        expect(lookAtLock(path)).toMatchObject({ isHeld: true, holder: { pid: holder.pid } })
      }
      await holder.tell(null)
      expect(lookAtLock(path)).toEqual({ isHeld: false })
      expect(await holder.tell(path)).toBe('held')
    } finally {
      await holder.end('SIGKILL')
    }
    expect(lookAtLock(path)).toEqual({ isHeld: false })
  })
})
