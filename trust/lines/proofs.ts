import { join } from 'node:path'
import { aMovieRequest } from '@stellarr/core/testing'
import { openSqliteStorage } from '@stellarr/storage-sqlite'
import { damagedArchives, restoresKilled } from '../../apps/docker/test/restore-trials.ts'
import { tryDamagedIndexes } from '../../packages/storage-sqlite/test/damaged-indexes.ts'
import {
  fillDisk,
  fillPages,
  killAtStatements,
  limitFiles,
  stopAtCalls,
} from '../../packages/storage-sqlite/test/hard-upgrades.ts'
import { raceForLock, startHolder } from '../../packages/storage-sqlite/test/lock-holders.ts'
import { syncsOver } from '../../packages/storage-sqlite/test/long-work.ts'
import { hundredThousand } from '../hundred-thousand.ts'
import type { Line, Run } from '../line.ts'
import { smallDisk } from '../small-disk.ts'

/** Proofs that belong to a part of the product, and are kept beside it: run more often here. */

const counted = ({ tried, failed }: { tried: number; failed: readonly string[] }) => ({
  tried,
  survived: tried - failed.length,
  wrong: failed,
})

async function upgradesKilled({ tries, tally }: Run): Promise<undefined> {
  tally.add('a statement', counted(await killAtStatements(tries)))
  return undefined
}

/** @param run.tries calls a schema */
async function upgradesCut({ tries, tally }: Run): Promise<undefined> {
  tally.add('killed', counted(await stopAtCalls('killed', tries)))
  tally.add('no space', counted(await stopAtCalls('full', tries)))
  return undefined
}

/** @param run.tries how much less room it is each time, in kB: fewer are more tries */
async function upgradesFull({ tries, tally, folder }: Run): Promise<undefined> {
  const disk = smallDisk(join(folder, 'disk'), 8 * 1024)
  try {
    tally.add('a disk', counted(await fillDisk(join(folder, 'disk'), tries * 1024)))
  } finally {
    disk.remove()
  }
  tally.add('a limit of the file', counted(await limitFiles(Math.ceil(1_024 / tries))))
  tally.add('pages', counted(await fillPages(Math.ceil(800 / tries))))
  return undefined
}

async function restores({ tries, tally }: Run): Promise<undefined> {
  const killed = await restoresKilled(tries)
  tally.add('killed', { ...killed, survived: killed.tried - killed.wrong.length })
  const damaged = await damagedArchives(tries * 10)
  tally.add('damaged', { ...damaged, survived: damaged.tried - damaged.wrong.length })
  return undefined
}

async function damagedIndexes({ tries, tally, folder }: Run): Promise<string> {
  const path = join(folder, 'indexes.db')
  const storage = await openSqliteStorage({ path, clock: { now: () => Date.now() } })
  for (let tmdbId = 1; tmdbId <= 300; tmdbId += 1) await storage.requests.add(aMovieRequest({ tmdbId }))
  await storage.close()
  const { tried, found, shorter } = await tryDamagedIndexes(path, tries)
  tally.note(true, '', tried - shorter)
  if (shorter > 0) tally.note(false, `${shorter} lists were shorter`, shorter)
  return `${found} found by the check`
}

async function lockRace({ tries, tally, folder }: Run): Promise<undefined> {
  const holders = [startHolder(), startHolder(), startHolder()]
  const winners = await raceForLock(join(folder, 'raced.db'), tries, holders)
  for (const holder of holders) await holder.end('SIGKILL')
  for (const won of winners) tally.note(won === 1, `${won} of 3 got the lock`)
  return undefined
}

/** Nothing else may wait longer than this for a sync, ms. */
const MOST_STALL_MS = 100

/** @param run.tries requests that there are */
async function longSyncs({ tries, tally, folder }: Run): Promise<string> {
  const { fresh, same, shrunk } = await syncsOver(folder, tries, 20_000, 1_600)
  for (const [what, { longest }] of Object.entries({ fresh, same, shrunk })) {
    tally.note(longest <= MOST_STALL_MS, `${what}: nobody else had a turn for ${longest.toFixed(0)} ms of work`)
  }
  const words = ({ longest, late, took }: typeof fresh) =>
    `${took.toFixed(0)} ms, longest ${longest.toFixed(0)} (by the clock ${late.toFixed(0)})`
  return `new ${words(fresh)}; the same ${words(same)}; 1,600 less ${words(shrunk)}`
}

/** @param run.tries requests that there are */
async function manyRequests({ tries, tally, say }: Run): Promise<string> {
  const seconds = tries < 100_000 ? 10 : 60
  const outcome = await hundredThousand({ requests: tries, clients: 16, seconds, told: ({ what }) => say(what) })
  for (const { what, status } of outcome.calls) tally.note(status < 500 && status > 0, `${what} answered ${status}`)
  const { load, health, anonymousMb, lives } = outcome
  tally.note(load.notOk === 0, `${load.notOk} of ${load.answers} answers under load were no answers`, load.answers)
  tally.note(lives, 'the process has ended')
  tally.note(anonymousMb.most <= 500, `own memory was ${anonymousMb.most.toFixed(0)} MB`)
  // On a machine with two cores that the callers use as well, what the process itself did is what can be told.
  for (const [when, { busyMs }] of Object.entries(health)) {
    tally.note(busyMs <= 500, `health waited for ${busyMs.toFixed(0)} ms of work (${when})`)
  }
  return `own memory ${anonymousMb.before.toFixed(0)} → ${anonymousMb.most.toFixed(0)} MB; load p50 ${load.p50.toFixed(0)}, p99 ${load.p99.toFixed(0)} ms; health ${health.calls.ms.toFixed(0)} and ${health.load.ms.toFixed(0)} ms, of work ${health.calls.busyMs.toFixed(0)} and ${health.load.busyMs.toFixed(0)}`
}

export const proofLines: readonly Line[] = [
  {
    name: 'upgrade-killed',
    title: 'a start killed at any statement of making or upgrading a store',
    store: 'sqlite',
    tries: { whole: 400, short: 12 },
    run: upgradesKilled,
  },
  {
    name: 'upgrade-cut',
    title: 'a start whose next write or flush is its last, or fails',
    store: 'sqlite',
    tries: { whole: 60, short: 1 },
    needs: ['strace'],
    run: upgradesCut,
  },
  {
    name: 'upgrade-full',
    title: 'upgrades on a disk with less and less room',
    store: 'sqlite',
    tries: { whole: 16, short: 500 },
    needs: ['mount'],
    run: upgradesFull,
  },
  {
    name: 'restores',
    title: 'restores that are killed, and archives that are damaged',
    store: 'sqlite',
    tries: { whole: 60, short: 4 },
    run: restores,
  },
  {
    name: 'damaged-indexes',
    title: 'a flipped bit in an index of the requests',
    store: 'sqlite',
    tries: { whole: 1_000, short: 30 },
    run: damagedIndexes,
  },
  {
    name: 'lock-race',
    title: 'three processes that want one store',
    store: 'sqlite',
    tries: { whole: 100, short: 5 },
    run: lockRace,
  },
  {
    name: 'long-syncs',
    title: 'syncs of 20,000 titles over 100,000 requests',
    store: 'sqlite',
    tries: { whole: 100_000, short: 5_000 },
    run: longSyncs,
  },
  {
    name: 'many-requests',
    title: '100,000 requests: every kind of call, then 16 at once',
    store: 'sqlite',
    tries: { whole: 100_000, short: 5_000 },
    run: manyRequests,
  },
]
