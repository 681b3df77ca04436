import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Readable } from 'node:stream'
import { isFault } from '@stellarr/core'
import { lockStore } from '@stellarr/storage-sqlite'
import { readStoreFile } from '@stellarr/storage-sqlite/store-file'
import type { Manifest } from '../backup/manifest.ts'
import { Refused } from '../backup/refused.ts'
import { readyBackup } from '../backup/restore.ts'
import { finishRestore } from '../backup/restore-steps.ts'
import { openDataDir } from '../secrets.ts'
import { readSettings, type Settings } from '../settings.ts'
import { type Command, parseFile, STANDARD, type Surroundings } from './command-line.ts'
import { amounts } from './words.ts'

const OPTIONS = {
  'no-secrets': { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
} as const

/** `stellarr restore`. */
export const restore: Command = {
  usage: 'restore FILE',
  line: 'puts a backup in place of what is here; stop Stellarr first',
  help: `FILE is what "stellarr backup" wrote, or a nightly backup; - is standard input. It is checked whole before anything
is changed. What is here now is moved into a folder before-restore-… of the data folder. The lists stay closed
afterwards until the admin confirms them in Stellarr: titles requested since the backup would be missing in them.

  --no-secrets  keeps the passwords and keys that are here
  --yes         does not ask`,

  async run(args, around) {
    const { values, file } = parseFile(args, OPTIONS)
    const household = readSettings(around.env)
    const asks = !values.yes
    const isTerminal = 'isTTY' in around.input && around.input.isTTY === true
    if (asks && (file === STANDARD || !isTerminal)) throw new Refused('Say --yes to restore without being asked.')
    if (file !== STANDARD && !existsSync(file)) throw new Refused(`There is no file ${file}.`)
    openDataDir(household.dataDir)
    const lock = await lockStore(household.databasePath, { version: around.version })
    try {
      await replace(file, { asks, withSecrets: !values['no-secrets'] }, household, around)
    } finally {
      lock.release()
    }
  },
}

async function replace(
  file: string,
  { asks, withSecrets: wantsSecrets }: { asks: boolean; withSecrets: boolean },
  household: Settings,
  around: Surroundings,
): Promise<void> {
  const kept = finishRestore(household)
  if (kept !== undefined) around.say(`Finished a restore that was cut off.${keptWords(kept)}`)
  const archive = file === STANDARD ? Readable.from(around.input) : createReadStream(file)
  const name = file === STANDARD ? 'Standard input' : file
  const ready = await readyBackup(archive, name, household, { withSecrets: wantsSecrets })
  const { manifest, withSecrets } = ready
  for (const line of summary(manifest, withSecrets, household)) around.say(line)
  if (asks && !(await isConfirmed(around))) {
    ready.discard()
    return around.say('Nothing was changed.')
  }
  const words = keptWords(ready.restore())
  around.output.write(
    `Restored ${amounts(manifest.counts)}${withSecrets ? ', and the secrets' : ''}.${words}
Start Stellarr. Its lists stay closed until you confirm them there: sign in as the admin.\n`,
  )
}

const keptWords = (folders: readonly string[]): string =>
  folders.length === 0
    ? ''
    : `\nWhat was here before is in ${folders.join(' and ')}. To undo this, stop Stellarr and move its files back.`

function summary(manifest: Manifest, withSecrets: boolean, { databasePath }: Settings): string[] {
  const { made_at, version, counts } = manifest
  return [
    `The backup is whole: made ${made_at} by Stellarr ${version}, ${amounts(counts)}.`,
    withSecrets ? 'Its passwords and keys are restored as well.' : 'Passwords and keys stay as they are here.',
    ...(existsSync(databasePath) ? [`It takes the place of ${databasePath}: ${nowThere(databasePath)}.`] : []),
  ]
}

/** A store that cannot be read is no reason against a backup. */
function nowThere(path: string): string {
  try {
    return amounts(readStoreFile(path).counts)
  } catch (error) {
    if (!isFault(error)) throw error
    return 'damaged, or no store of Stellarr'
  }
}

async function isConfirmed({ input, output }: Surroundings): Promise<boolean> {
  const lines = createInterface({ input, output })
  // Ctrl-D ends the lines without an answer, and Ctrl-C fails the question.
  const ended = once(lines, 'close').then(() => '')
  const answer = await Promise.race([lines.question('Restore it? [y/N] ').catch(() => ''), ended])
  lines.close()
  return /^y(es)?$/i.test(answer.trim())
}
