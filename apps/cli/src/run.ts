import { createWriteStream, existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Storage } from '@stellarr/core'
import { type Address, addressText, type Environment } from './address.ts'
import { type CheckedHouse, checkHouse } from './check-house.ts'
import { type Command, HELP, parseCommand, STANDARD } from './command-line.ts'
import { exportToFile } from './export-house.ts'
import { compareWith, importHouse, mayImport, optionsOf } from './import-house.ts'
import { amounts, grouped } from './lines.ts'
import { openDestination, openSource } from './open-store.ts'
import { predecessorToFile } from './predecessor.ts'
import { inPrivateFolder } from './private-folder.ts'
import { Stop } from './stop.ts'
import { dryRunLines, ENDED_BEFORE, exportedLines, importedLines, nextLines } from './words.ts'

/** What the program has of the outside. */
export interface Surroundings {
  env: Environment
  version: string
  input: Readable
  output: Writable
  /** A line for people, beside what `output` carries. */
  say: (text: string) => void
}

/** Runs one command. Throws `Stop` or a fault, each with one clear line. */
export async function run(args: readonly string[], around: Surroundings): Promise<void> {
  const command = parseCommand(args, around.env)
  const print = (lines: readonly string[]) => void around.output.write(`${lines.join('\n')}\n`)
  switch (command.name) {
    case 'help':
      return print([HELP])
    case 'version':
      return print([around.version])
    case 'export':
      return runExport(command, around, print)
    case 'import':
      return runImport(command, around, print)
  }
}

type Print = (lines: readonly string[]) => void

async function runExport(command: Command & { name: 'export' }, around: Surroundings, print: Print): Promise<void> {
  const { file, store } = command
  const { say } = around
  await withStore(await openSource(store, around.env), async (storage) => {
    const { counts } = await exportToFile(file, { storage, kind: store.kind, say }, around.output)
    if (file !== STANDARD) print(exportedLines(file, counts))
    else for (const line of exportedLines('standard output', counts)) say(line)
  })
}

async function withStore<Result>(storage: Storage, work: (storage: Storage) => Promise<Result>): Promise<Result> {
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}

async function runImport(command: Command & { name: 'import' }, around: Surroundings, print: Print): Promise<void> {
  const { from } = command
  if ('file' in from && from.file !== STANDARD) return bringIn(await checkHouse(from.file), command, around, print)
  if ('predecessor' in from) refuseSame(from.predecessor, command.store)
  await inPrivateFolder('stellarr-import-', async (folder) => {
    const path = join(folder, 'house.jsonl')
    if ('predecessor' in from) await predecessorToFile(from.predecessor, path, { ...command, ...around })
    else await pipeline(around.input, createWriteStream(path, { mode: 0o600 }))
    const name = 'predecessor' in from ? addressText(from.predecessor) : 'standard input'
    await bringIn(await checkHouse(path, name), command, around, print)
  })
}

/** A predecessor's store is never written to. */
function refuseSame(predecessor: Address, store: Address): void {
  const nameOf = (address: Address) => {
    if (address.kind === 'dynamodb' || !existsSync(address.path)) return addressText(address)
    return `sqlite:${realpathSync(address.path)}`
  }
  if (nameOf(predecessor) !== nameOf(store)) return
  throw new Stop(`${addressText(store)} is the predecessor's own store: name the one to import into by --store.`)
}

async function bringIn(
  house: CheckedHouse,
  { store, merge, dryRun }: Command & { name: 'import' },
  { env, say, version }: Surroundings,
  print: Print,
): Promise<void> {
  say(`${house.name} is whole: ${amounts(house.counts)}.`)
  if (dryRun && store.kind === 'sqlite' && !existsSync(store.path)) {
    return print(dryRunLines((await compareWith(undefined, house, merge)).tally, { merge, devicesMove: true }))
  }
  await withStore(await openDestination(store, env, version), async (storage) => {
    if (dryRun) {
      const start = await mayImport(storage, optionsOf(house, merge))
      if (start.kind === 'ended') return print([ENDED_BEFORE])
      const { devicesMove } = start
      return print(dryRunLines((await compareWith(storage, house, merge)).tally, { merge, devicesMove }))
    }
    const imported = await importHouse(storage, house, merge)
    if (imported.kind === 'ended_before') return print([ENDED_BEFORE])
    if (imported.resumed > 0) say(`Went on after ${grouped(imported.resumed)} rows that were imported before.`)
    if (!imported.devicesMove) {
      say('Devices are left out: the store has VAPID keys of its own. People switch push messages on again.')
    }
    print([
      ...importedLines(imported.tally, imported.digest, imported.digest === house.digest),
      `The lists of ${addressText(store)} may be read again.`,
      ...nextLines(store, await storage.identity.storeId()),
    ])
  })
}
