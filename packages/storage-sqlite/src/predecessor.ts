import { existsSync } from 'node:fs'
import { Fault, type PredecessorRow } from '@stellarr/core'
import Sqlite, { type Database } from 'better-sqlite3'
import { APPLICATION_ID, toFault } from './database/connection.ts'

/** What of the predecessor's tables we read; of these, the needed ones tell which table is which. */
const TABLES = {
  request: {
    needed: ['tmdb_id', 'media_type', 'title', 'created_at'],
    optional: ['year', 'overview', 'poster_path', 'imdb_id', 'tvdb_id', 'added_at', 'requested_by'],
  },
  library: { needed: ['tmdb_id', 'media_type', 'synced_at'], optional: ['tvdb_id', 'imdb_id', 'title'] },
} as const

type Kind = keyof typeof TABLES

export interface PredecessorFile {
  /** What is not there, in sentences: a table, columns that we would have read. */
  missing: string[]
  /** All rows, library first, one at a time and always in the same order. */
  rows(): Generator<PredecessorRow>
  close(): void
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/**
 * Opens the predecessor's database, read-only, and finds its tables by their columns.
 * @throws Fault `wrong_store` for a file without such tables or one of our own, `storage_unavailable` or
 * `storage_corrupt` for one that cannot be read
 */
export function openPredecessorFile(path: string): PredecessorFile {
  if (!existsSync(path)) throw new Fault('storage_unavailable', `There is no file ${path}.`)
  let opened: Database | undefined
  try {
    const db = new Sqlite(path, { readonly: true, fileMustExist: true })
    opened = db
    if (db.pragma('application_id', { simple: true }) === APPLICATION_ID) {
      throw new Fault('wrong_store', `${path} is a store of Stellarr itself: export it (README, "Moving house").`)
    }
    const tables = tablesOf(db)
    const requests = findTable('request', tables)
    if (typeof requests !== 'object') throw new Fault('wrong_store', `${path}: ${requests}`)
    const library = findTable('library', tables)
    const found = [
      ...(typeof library === 'object' ? [{ kind: 'library' as const, ...library }] : []),
      { kind: 'request' as const, ...requests },
    ]
    return {
      missing: [
        ...(typeof library === 'object' ? [] : [library]),
        ...found.flatMap(({ kind, name, columns }) => {
          const absent = TABLES[kind].optional.filter((column) => !columns.includes(column))
          return absent.length === 0 ? [] : [`The table ${name} has no ${absent.join(', ')}.`]
        }),
      ],
      *rows() {
        for (const { kind, name, columns } of found) yield* rowsOf(db, kind, name, columns)
      },
      close: () => void db.close(),
    }
  } catch (error) {
    opened?.close()
    throw toFault(error)
  }
}

function tablesOf(db: Database): Map<string, string[]> {
  const names = db
    .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
  const columnsOf = db.prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)')
  return new Map(names.map(({ name }) => [name, columnsOf.all(name).map((column) => column.name)]))
}

/** The one table of a kind; else a sentence about what is missing, or that there are several. */
function findTable(kind: Kind, tables: ReadonlyMap<string, string[]>): { name: string; columns: string[] } | string {
  const { needed } = TABLES[kind]
  const lacks = (columns: readonly string[]) => needed.filter((column) => !columns.includes(column))
  const fitting = [...tables].filter(([, columns]) => lacks(columns).length === 0)
  const [first, second] = fitting
  if (first && second)
    return `several tables have the columns of a ${kind} table: ${fitting.map(([name]) => name).join(', ')}.`
  if (first) return { name: first[0], columns: first[1] }
  const [nearest] = [...tables].sort(([, a], [, b]) => lacks(a).length - lacks(b).length)
  const lacking = nearest ? ` The nearest, ${nearest[0]}, lacks ${lacks(nearest[1]).join(', ')}.` : ''
  return `no table has the columns of a ${kind} table (${needed.join(', ')}).${lacking}`
}

function* rowsOf(db: Database, kind: Kind, name: string, columns: readonly string[]): Generator<PredecessorRow> {
  const read = [...TABLES[kind].needed, ...TABLES[kind].optional].filter((column) => columns.includes(column))
  const statement = db.prepare<[], Record<string, unknown>>(
    `SELECT ${read.map(quoted).join(', ')} FROM ${quoted(name)} ORDER BY media_type, tmdb_id`,
  )
  let number = 0
  try {
    for (const fields of statement.iterate()) {
      number += 1
      yield { kind, place: `${name}, row ${number} by media_type and tmdb_id`, fields }
    }
  } catch (error) {
    throw toFault(error)
  }
}
