import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/**
 * What the worker runs. It is a text, so that a bundle needs no second file; the driver comes by its path, since such a
 * worker would look for packages from the working directory.
 */
const CHECK = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require(workerData.driver)
const db = new Sqlite(workerData.path, { readonly: true })
let answer
try {
  answer = db.pragma('integrity_check(1)', { simple: true })
} catch (error) {
  if (!/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) throw error
  answer = error.code
}
db.close()
parentPort.postMessage(answer)
`

/** What SQLite says of a damaged file; undefined for one that is whole. */
export type Damage = string | undefined

/**
 * Reads a whole database, and compares each index with its table, in a thread and on a connection of its own: the app goes
 * on meanwhile. `quick_check` leaves the indexes out (sqlite.org/pragma.html#pragma_quick_check).
 */
export function integrityCheck(path: string): { result: Promise<Damage>; stop(): Promise<unknown> } {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const worker = new Worker(CHECK, { eval: true, workerData: { path, driver } })
  const result = new Promise<Damage>((resolve, reject) => {
    worker.once('message', (answer: unknown) => resolve(answer === 'ok' ? undefined : String(answer)))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the check of the database was stopped')))
  })
  return { result, stop: () => worker.terminate() }
}
