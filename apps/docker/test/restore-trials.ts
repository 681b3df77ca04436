import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Refused } from '../src/backup/refused.ts'
import { readyBackup } from '../src/backup/restore.ts'
import { finishRestore } from '../src/backup/restore-steps.ts'
import { aBackup, aHousehold, type Household, removeHouseholds } from './backup-household.ts'

const KILLER = fileURLToPath(new URL('./kill-at-change.ts', import.meta.url))
/** As it is built. */
const COMMAND = join(import.meta.dirname, '../dist/stellarr.mjs')

/** How many were tried, and what became of those that were not as promised. */
export interface Trial {
  tried: number
  wrong: string[]
}

const OTHER_SECRETS = '{"appSecretKey":"what-came-after"}\n'
const stateOf = ({ facts, secrets, at }: Household) =>
  JSON.stringify([facts().revision, secrets(), existsSync(at('store.json'))])

/** Restores with kill -9 before changes of the file system spread over all of them: each ends at old or new, whole. */
export async function restoresKilled(tries: number): Promise<Trial> {
  const household = await aHousehold()
  const backup = await aBackup(household)
  await household.request(99)
  writeFileSync(household.at('secrets.json'), OTHER_SECRETS)
  const old = stateOf(household)
  const pristine = `${household.dataDir}-pristine`
  cpSync(household.dataDir, pristine, { recursive: true })
  const wrong: string[] = []
  try {
    const restore = (dieAt?: number) => {
      rmSync(household.dataDir, { recursive: true })
      cpSync(pristine, household.dataDir, { recursive: true })
      const env = { DATA_DIR: household.dataDir, ...(dieAt !== undefined && { DIE_AT: String(dieAt) }) }
      const args = ['--import', KILLER, COMMAND, 'restore', backup, '--yes']
      return spawnSync(process.execPath, args, { cwd: household.dataDir, env, encoding: 'utf8' })
    }
    const whole = restore()
    const changes = Number(/changes: (\d+)/.exec(whole.stderr)?.[1])
    const restored = stateOf(household)
    if (whole.status !== 0 || !(changes > 0) || restored === old)
      throw new Error(`it does not restore: ${whole.stderr}`)
    for (let number = 0; number < tries; number += 1) {
      const dieAt = Math.floor((number * changes) / tries)
      const { signal } = restore(dieAt)
      finishRestore(household)
      const left = readdirSync(household.dataDir).filter((name) => /restoring|^restore\.json$/.test(name))
      const state = stateOf(household)
      const isOldOrNew = state === old || (state === restored && keepsWhatWasThere(household))
      if (signal !== 'SIGKILL' || left.length > 0 || !isOldOrNew) wrong.push(`before change ${dieAt}: ${state} ${left}`)
    }
  } finally {
    rmSync(pristine, { recursive: true, force: true })
    removeHouseholds()
  }
  return { tried: tries, wrong }
}

function keepsWhatWasThere({ dataDir, at }: Household): boolean {
  const [folder = '', ...more] = readdirSync(dataDir).filter((name) => name.startsWith('before-restore-'))
  const kept = (name: string) => join(at(folder), name)
  return (
    more.length === 0 &&
    readFileSync(kept('secrets.json'), 'utf8') === OTHER_SECRETS &&
    existsSync(kept('stellarr.db')) &&
    existsSync(kept('store.json'))
  )
}

/** Archives with one bit flipped, or cut off: each is refused, or is read as what was backed up; nothing is changed. */
export async function damagedArchives(tries: number, random: () => number = Math.random): Promise<Trial> {
  const household = await aHousehold()
  const whole = readFileSync(await aBackup(household))
  const before = stateOf(household)
  const wrong: string[] = []
  for (let number = 0; number < tries; number += 1) {
    // The first bytes hold what no checksum covers.
    const place = number % 4 === 0 ? number % 16 : Math.floor(random() * whole.length)
    const bytes = Buffer.from(whole)
    bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
    const isCut = number % 2 === 0 && number % 4 !== 0
    const archive = isCut ? whole.subarray(0, place) : bytes
    const end = await readyBackup(Readable.from([archive]), 'x', household, { withSecrets: true }).then(
      ({ manifest }) => (isCut ? 'taken' : manifest.revision === household.facts().revision ? 'same' : 'other'),
      (error: unknown) => (error instanceof Refused && !error.message.includes('\n') ? 'refused' : String(error)),
    )
    finishRestore(household)
    if ((end !== 'refused' && end !== 'same') || stateOf(household) !== before) {
      wrong.push(`${isCut ? 'cut at' : 'bit of'} ${place}: ${end}`)
    }
  }
  removeHouseholds()
  return { tried: tries, wrong }
}
