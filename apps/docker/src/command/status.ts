import { existsSync } from 'node:fs'
import { type Clock, isFault } from '@stellarr/core'
import { holderText, lookAtLock } from '@stellarr/storage-sqlite'
import { backupFacts } from '../backup/nightly.ts'
import { askReady } from '../checks/ask-server.ts'
import { openToLook } from '../checks/offline.ts'
import { fileNightlyNote } from '../data-files.ts'
import { readSettings, type Settings } from '../settings.ts'
import { type Command, parseOptions } from './command-line.ts'
import { amount } from './words.ts'

/** `stellarr status`. */
export const status: Command = {
  usage: 'status',
  line: 'says in one line whether Stellarr runs, and what it holds',
  help: 'Version, process, lists, how much there is, and the last backup. Nothing is changed.',

  async run(args, { env, version, output }) {
    parseOptions(args, {})
    const settings = readSettings(env)
    const { isHeld, holder } = lookAtLock(settings.databasePath)
    const running = isHeld ? `runs${holder ? ` (${holderText(holder)})` : ''}` : 'does not run'
    const parts = [`Stellarr ${version} ${running}`, ...(await storeParts(settings, isHeld)), backupPart(settings)]
    output.write(`${parts.join('; ')}.\n`)
  },
}

async function storeParts(settings: Settings, isRunning: boolean): Promise<string[]> {
  if (!existsSync(settings.databasePath)) return ['no database yet']
  const clock: Clock = { now: () => Date.now() }
  try {
    const { storage, useCases } = openToLook(settings, clock)
    try {
      const feeds = isRunning ? await askReady(settings) : (await useCases.ready()).feeds
      const { requests, libraryItems } = await storage.figures()
      const all = Object.values(requests).reduce((sum, rows) => sum + rows, 0)
      const held = `${amount('requests', all)}, ${amount('library_items', libraryItems)}`
      return [feeds === undefined ? 'it does not answer here' : `lists ${feeds}`, held]
    } finally {
      await storage.close()
    }
  } catch (error) {
    if (!isFault(error)) throw error
    return [error.message.replace(/\.$/, '')]
  }
}

function backupPart(settings: Settings): string {
  const { dataDir, backupDir } = settings
  const { newest } = backupFacts({ household: settings, backupDir, note: fileNightlyNote(dataDir) })
  if (!newest) return 'no nightly backup'
  return `last backup ${new Date(newest.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
