import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { copyStoreFile } from '@stellarr/storage-sqlite/store-file'
import { withBackup } from '../backup/make-backup.ts'
import { type Manifest, SECRETS } from '../backup/manifest.ts'
import { Refused } from '../backup/refused.ts'
import { removeHeldOnSignals } from '../backup/temporary.ts'
import { writeBackup } from '../backup/write-backup.ts'
import { openFolder } from '../secrets.ts'
import { readSettings } from '../settings.ts'
import { type Command, parseFile, STANDARD } from './command-line.ts'
import { amounts } from './words.ts'

const OPTIONS = {
  'no-secrets': { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
} as const

/** `stellarr backup`. */
export const backup: Command = {
  usage: 'backup FILE',
  line: 'copies the store and its secrets into one file, also while Stellarr runs',
  help: `FILE is a .tar.gz that its owner alone can read, with stellarr.db, secrets.json and manifest.json; - is standard
output. It holds everybody's passwords and keys: keep it private.

  --no-secrets  leaves out secrets.json: passwords, and the keys of lists and webhooks
  --force       replaces FILE when it is there already`,

  async run(args, { env, version, output, say }) {
    const { values, file } = parseFile(args, OPTIONS)
    const household = readSettings(env)
    if (!existsSync(household.databasePath)) throw new Refused(`There is no store at ${household.databasePath}.`)
    removeHeldOnSignals()
    const making = { version, withSecrets: !values['no-secrets'], copyStore: copyStoreFile }
    if (file !== STANDARD) {
      const manifest = await writeBackup(resolve(file), household, { ...making, force: values.force })
      return void output.write(`${doneLine(manifest, file)}\n`)
    }
    openFolder('BACKUP_DIR', household.backupDir)
    const folder = household.backupDir
    await withBackup(household, { ...making, folder }, async ({ manifest, archive }) => {
      await pipeline(archive, output, { end: false })
      say(doneLine(manifest, 'standard output'))
    })
  },
}

const doneLine = ({ counts, files }: Manifest, file: string): string =>
  `Backed up ${amounts(counts)}${files[SECRETS] ? ', and the secrets' : ''} to ${file}.`
