import {
  type Clock,
  Fault,
  LIBRARY_SOURCES,
  type LibraryItem,
  type LibraryRepository,
  type LibraryRow,
  type Logger,
  MEDIA_TYPES,
  type MediaType,
  type TitleKey,
} from '@stellarr/core'
import { inParallel, inRuns } from '../client/parallel.ts'
import { type Row, whole } from '../table/attribute-values.ts'
import { changeRow } from '../table/change-row.ts'
import { ifUnchanged } from '../table/expressions.ts'
import { type Key, keyName, keyOf, libraryKey, libraryPartition, placeIn, REVISION_KEY } from '../table/keys.ts'
import { type LibraryLock, type StateRow, type StoreState, stateFrom } from '../table/state-row.ts'
import type { TableClient } from '../table/table-client.ts'
import { planReport, planRestore, planSync, type ReportPlan } from './plans.ts'
import { entryOf, isOver, isPresent, isRemoved, libraryRows, ofSource, saysNothing, withEntry } from './rows.ts'
import { dynamoStaging } from './staging.ts'

const PAGE = 1_000
/** Up to this many titles `add` changes row by row beside others; more are written in batches under the lock. */
const TITLES_ROW_BY_ROW = 25
/** Beyond this many keys, reading a whole partition (seven thousand rows a page) is cheaper than naming them. */
const KEYS_WORTH_NAMING = 500
/** Rows written between two looks at the lock: 40 batches, 8 at once, 10 s each at the very most. */
const WAVE = 1_000
/** A listing that commits keep overtaking is given up. */
const LISTINGS = 5

/** What one title's row becomes by what is brought for it; the row is undefined where there is none. */
type PlanOf<Item> = (row: Row | undefined, items: readonly Item[], state: StoreState) => ReportPlan

const nameOf = (key: TitleKey) => `${key.mediaType}/${key.tmdbId}`

/** Items by title, in their order. */
function byTitle<Item extends LibraryItem>(items: readonly Item[]): Item[][] {
  const titles = new Map<string, Item[]>()
  for (const item of items) {
    const known = titles.get(nameOf(item))
    if (known) known.push(item)
    else titles.set(nameOf(item), [item])
  }
  return [...titles.values()]
}

/**
 * The library in DynamoDB. Single titles are changed row by row, each on the condition that it is still what was read.
 * BatchWriteItem knows no conditions, so whoever writes in batches (commits, long additions) holds the lock.
 */
export function dynamoLibrary(
  table: TableClient,
  state: StateRow,
  clock: Clock,
  logger: Logger | undefined,
): LibraryRepository {
  const staging = dynamoStaging(table, clock)

  /** The rows of some titles by name, with the state; one call for up to 99 titles. */
  async function rowsOf(keys: readonly TitleKey[]): Promise<{ rows: Map<string, Row>; state: StoreState }> {
    const wanted = new Map(keys.map((key) => [nameOf(key), libraryKey(key)]))
    const rows = new Map<string, Row>()
    let seen: Row | undefined
    if (wanted.size > KEYS_WORTH_NAMING) {
      // The state first: what is then shown by a commit is newer than it, and entries that it replaces are kept beside.
      seen = await table.get(REVISION_KEY)
      const types = MEDIA_TYPES.filter((type) => keys.some((key) => key.mediaType === type))
      await inParallel(2, types, async (mediaType) => {
        for (const row of await table.query({ partition: libraryPartition(mediaType) })) {
          const name = nameOf({ mediaType, tmdbId: whole(row, 'tmdb_id') })
          if (wanted.has(name)) rows.set(name, row)
        }
      })
    } else {
      const names = new Map([...wanted].map(([name, key]) => [keyName(key), name]))
      for (const row of await table.getMany([REVISION_KEY, ...wanted.values()])) {
        const name = names.get(keyName(keyOf(row)))
        if (name === undefined) seen = row
        else rows.set(name, row)
      }
    }
    return { rows, state: stateFrom(seen) }
  }

  /** Batches under the lock, which is looked after between waves. */
  async function writeInWaves(lock: LibraryLock, rows: readonly Row[]): Promise<void> {
    for (const wave of inRuns(WAVE, rows)) {
      await lock.hold()
      await table.write({ put: wave })
    }
  }

  function changeRowByRow<Item extends LibraryItem>(
    titles: readonly Item[][],
    planOf: PlanOf<Item>,
  ): Promise<ReportPlan[]> {
    return state.changeLibrary(async (current) => {
      const plans = await inParallel(TITLES_ROW_BY_ROW, titles, async (items) => {
        const [first] = items
        if (!first) return { added: 0, changed: false }
        return changeRow(table, libraryKey(first), (row) => {
          const plan = planOf(row, items, current)
          return plan.put ? { put: plan.put, result: plan } : { result: plan }
        })
      })
      return { changed: plans.some((plan) => plan.changed), result: plans }
    })
  }

  function changeInBatches<Item extends LibraryItem>(
    titles: readonly Item[][],
    planOf: PlanOf<Item>,
  ): Promise<ReportPlan[]> {
    return state.exclusively((lock) =>
      lock.change(async () => {
        const { rows } = await rowsOf(titles.flatMap((items) => items.slice(0, 1)))
        const plans = titles.map((items) => {
          const row = items[0] && rows.get(nameOf(items[0]))
          return planOf(row, items, lock.state)
        })
        await writeInWaves(
          lock,
          plans.flatMap((plan) => (plan.put ? [plan.put] : [])),
        )
        return { changed: plans.some((plan) => plan.changed), result: plans }
      }),
    )
  }

  /** Changes what the plan of each title wants changed; answers the plans, in the order of the titles. */
  async function changeTitles<Item extends LibraryItem>(
    titles: readonly Item[][],
    planOf: PlanOf<Item>,
  ): Promise<ReportPlan[]> {
    if (titles.length === 0) return []
    const known = await rowsOf(titles.flatMap((one) => one.slice(0, 1)))
    const planned = titles.map((one) => planOf(one[0] && known.rows.get(nameOf(one[0])), one, known.state))
    // What is repeated a hundred times at once is written once, and the others wait for nobody.
    if (planned.every((plan) => !plan.put)) return planned
    return (titles.length > TITLES_ROW_BY_ROW ? changeInBatches : changeRowByRow)(titles, planOf)
  }

  return {
    async beginSync(source, mediaType) {
      return staging.begin({ source, mediaType, number: await state.nextSync() })
    },

    async findSync(syncId) {
      const sync = await staging.find(syncId)
      return sync && { source: sync.source, mediaType: sync.mediaType }
    },

    stage: (syncId, page, items) => staging.stage(syncId, page, items),

    async preview(syncId) {
      const { source, mediaType, titles, pages } = await staging.read(syncId)
      const [rows, now] = await Promise.all([
        table.query({ partition: libraryPartition(mediaType), filter: ofSource(source) }),
        state.read(),
      ])
      const generation = now.generationOf(source, mediaType)
      const current = rows.filter((row) => entryOf(row, source, generation) !== undefined).length
      return { current, staged: titles.size, pages }
    },

    commit: (syncId) =>
      state.exclusively(async (lock) => {
        const sync = await staging.read(syncId)
        const { source, mediaType } = sync
        const shown = lock.state.generationOf(source, mediaType)
        const rows = await table.query({ partition: libraryPartition(mediaType) })
        const plan = planSync(rows, sync.titles, sync, lock.state, clock.now())
        await writeInWaves(lock, plan.put)
        if (plan.changed) {
          await lock.hold()
          await lock.show(source, mediaType, shown + 1)
        }
        // The new library is shown: what fails from here on is tidied up by another commit.
        try {
          const written = new Map(plan.put.map((row) => [whole(row, 'tmdb_id'), row]))
          const empty = rows.map((row) => written.get(whole(row, 'tmdb_id')) ?? row).filter(saysNothing)
          if (empty.length > 0) {
            await lock.hold()
            await table.write({ remove: empty.map(keyOf) })
          }
          await staging.end(syncId)
        } catch (error) {
          logger?.warn('a committed sync left something behind', { reason: String(error) })
        }
        return plan.outcome
      }),

    async forgetRemoved(source, keys) {
      if (keys.length === 0) return
      const { rows, state: now } = await rowsOf(keys)
      const over = keys.flatMap((key) => {
        const { mediaType } = key
        const row = rows.get(nameOf(key))
        const isRow = row && isRemoved(row, source, now.generationOf(source, mediaType))
        return isRow && isOver(row, mediaType, now) ? [row] : []
      })
      // Nobody sees these rows. One that is written meanwhile stays.
      await inParallel(TITLES_ROW_BY_ROW, over, (row) => table.remove(keyOf(row), ifUnchanged(row)))
    },

    async add(source, items) {
      const titles = byTitle(items)
      const plans = await changeTitles(titles, (row, one, now) => planReport(row, source, one, now, clock.now()))
      return titles.flatMap(([first], index) =>
        first && plans[index]?.added ? [{ mediaType: first.mediaType, tmdbId: first.tmdbId }] : [],
      )
    },

    async restore(rows) {
      const plans = await changeTitles(byTitle(rows), planRestore)
      return plans.reduce((sum, plan) => sum + plan.added, 0)
    },

    async remove(source, key) {
      const { rows, state: seen } = await rowsOf([key])
      const row = rows.get(nameOf(key))
      if (!row || !entryOf(row, source, seen.generationOf(source, key.mediaType))) return false
      return state.changeLibrary(async (current) => {
        const removed = await changeRow(table, libraryKey(key), (found) => {
          if (!found || !entryOf(found, source, current.generationOf(source, key.mediaType))) return { result: false }
          const next = withEntry(found, source, undefined)
          return isPresent(next, key.mediaType, current) ? { put: next, result: true } : { remove: true, result: true }
        })
        return { changed: removed, result: removed }
      })
    },

    async findMany(keys) {
      if (keys.length === 0) return []
      const { rows, state: now } = await rowsOf(keys)
      const distinct = new Map(keys.map((key) => [nameOf(key), key]))
      return [...distinct].flatMap(([name, { mediaType }]) => {
        const row = rows.get(name)
        return row ? libraryRows(row, mediaType, now) : []
      })
    },

    async listIds() {
      const idsOf = async (mediaType: MediaType, now: StoreState) =>
        (await table.query({ partition: libraryPartition(mediaType) }))
          .filter((row) => isPresent(row, mediaType, now))
          .map((row) => whole(row, 'tmdb_id'))
      const generations = (seen: StoreState) =>
        MEDIA_TYPES.flatMap((type) => LIBRARY_SOURCES.map((source) => seen.generationOf(source, type))).join()
      let before = await state.read()
      for (let listing = 1; listing <= LISTINGS; listing += 1) {
        const [movie, tv] = await Promise.all([idsOf('movie', before), idsOf('tv', before)])
        const after = await state.read()
        // A commit in between has deleted rows of the library that it took the place of.
        if (generations(before) === generations(after)) return { movie, tv }
        before = after
      }
      throw new Fault('storage_unavailable', 'The library keeps changing just now. Try again.')
    },

    /** By source, then media type, then TMDB id: a source at a time, since rows hold all sources of a title. */
    async exportAll(cursor) {
      const now = await state.read()
      const [fromSource = '', fromType = '', fromId = '0'] = cursor?.split('/') ?? []
      const found: LibraryRow[] = []
      for (const source of [...LIBRARY_SOURCES].sort()) {
        for (const mediaType of MEDIA_TYPES) {
          const done = source < fromSource || (source === fromSource && mediaType < fromType)
          if (done) continue
          const partition = libraryPartition(mediaType)
          const begins = source === fromSource && mediaType === fromType
          let from: Key | undefined = begins ? placeIn(partition, Number(fromId)) : undefined
          do {
            // Whole pages, although some of it may be read again: the limit counts rows before the filter, so the few
            // that are lacking would be looked for a few rows a call.
            const page = await table.queryPage({ partition, filter: ofSource(source), from, limit: PAGE })
            for (const row of page.rows) {
              found.push(...libraryRows(row, mediaType, now).filter((one) => one.source === source))
            }
            from = page.next
            const last = found[PAGE - 1]
            if (last) return { rows: found.slice(0, PAGE), cursor: `${last.source}/${nameOf(last)}` }
          } while (from)
        }
      }
      return { rows: found }
    },
  }
}
