import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyStoreFile } from '@stellarr/storage-sqlite/store-file'
import { afterEach, describe, expect, it } from 'vitest'
import { backUpNightly, backupFacts, dayOf, isDue, type NightlyDeps } from '../src/backup/nightly.ts'
import { fileNightlyNote } from '../src/data-files.ts'
import { aHousehold, entriesOf, removeHouseholds } from './backup-household.ts'

afterEach(removeHouseholds)

const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 53).getTime()
const nightOf = (day: number) => `stellarr-2026-11-${String(day).padStart(2, '0')}.tar.gz`

async function nights(more: Partial<NightlyDeps> = {}) {
  const household = await aHousehold()
  const logged: string[] = []
  const log = (message: string) => void logged.push(message)
  let now = at(20, 4)
  const deps: NightlyDeps = {
    household,
    backupDir: household.backupDir,
    version: '1.2.3',
    copyStore: copyStoreFile,
    note: fileNightlyNote(household.dataDir),
    clock: { now: () => now },
    logger: { debug: log, info: log, warn: log, error: log },
    ...more,
  }
  return {
    household,
    deps,
    logged,
    files: () => readdirSync(household.backupDir).sort(),
    async run(when: number) {
      now = when
      await backUpNightly(deps)
    },
    facts: () => backupFacts({ ...deps, note: fileNightlyNote(household.dataDir) }),
  }
}

describe('a nightly backup', () => {
  it('is made once a day, with the secrets, for its owner alone', async () => {
    const night = await nights()
    await night.run(at(20, 3))
    expect([night.files(), night.facts()]).toEqual([[], { last: undefined, newest: undefined, onOwnDisk: true }])
    for (const hour of [4, 5, 23]) await night.run(at(20, hour))
    expect(night.files()).toEqual([nightOf(20)])
    expect(night.logged).toEqual(['backed up'])
    const file = join(night.household.backupDir, nightOf(20))
    const { size, mode, mtimeMs } = statSync(file)
    expect(mode & 0o777).toBe(0o600)
    expect((await entriesOf(file)).map(({ header }) => header.name)).toContain('secrets.json')
    expect(night.facts()).toEqual({
      last: { at: at(20, 4), result: 'made' },
      newest: { file: nightOf(20), at: mtimeMs, size },
      onOwnDisk: true,
    })
  })

  it.each([
    ['before its hour', at(20, 3), undefined, false],
    ['for the first time', at(20, 4), undefined, true],
    ['where nothing ran at night', at(20, 14), at(19, 4), true],
    ['again on the same day', at(20, 23), at(20, 4), false],
    ['when the last was dated by a clock that ran ahead', at(20, 4), at(29, 4), true],
  ])('is due or not %s', (_when, now, last, due) => {
    expect(isDue(now, last === undefined ? undefined : { at: last, result: 'made' })).toBe(due)
  })

  it('leaves seven, and every file that is not one of them', async () => {
    const night = await nights()
    const others = [
      'before-0004-new-store-2026.db',
      'stellarr-backup-2026-11-01.tar.gz',
      nightOf(30),
      'stellarr.tar.gz',
    ]
    for (const name of others) writeFileSync(join(night.household.backupDir, name), '')
    for (let day = 1; day <= 9; day += 1) writeFileSync(join(night.household.backupDir, nightOf(day)), '')
    await night.run(at(20, 4))
    const kept = [4, 5, 6, 7, 8, 9, 20].map(nightOf)
    expect(night.files()).toEqual([...others, ...kept].sort())
  })

  it('is skipped where less than ten times the store’s size is free, and says so', async () => {
    const night = await nights()
    // As much as no disk has, and nothing of it is written.
    const { truncateSync } = await import('node:fs')
    truncateSync(night.household.databasePath, 2 ** 42)
    await night.run(at(20, 4))
    expect([night.files(), night.logged]).toEqual([[], ['the nightly backup was skipped: too little room']])
    expect(night.facts().last).toEqual({ at: at(20, 4), result: 'skipped' })
  })

  it('says when it failed, leaves nothing half made, and is tried again the next day', async () => {
    const night = await nights()
    rmSync(night.household.backupDir, { recursive: true })
    await night.run(at(20, 4))
    expect([night.logged, night.facts().last?.result]).toEqual([['the nightly backup failed'], 'failed'])
    mkdirSync(night.household.backupDir)
    await night.run(at(20, 9))
    expect(night.files()).toEqual([])
    await night.run(at(21, 4))
    expect([night.files(), night.facts().last?.result]).toEqual([[nightOf(21)], 'made'])
  })

  it('takes away what a killed one left, a day later', async () => {
    const night = await nights()
    const [left, running, mine] = ['.making-00000001', '.making-00000002', '.making-mine'].map((name) => {
      const path = join(night.household.backupDir, name)
      mkdirSync(path)
      return path
    })
    const old = Date.now() / 1000 - 25 * 3600
    for (const path of [left, mine]) if (path) utimesSync(path, old, old)
    await night.run(at(20, 4))
    expect(night.files()).toEqual(['.making-00000002', '.making-mine', nightOf(20)])
    expect(running).toContain('00000002')
  })

  it('has days of local time', () => {
    expect(dayOf(at(5, 0))).toBe('2026-11-05')
  })
})
