import type { LibraryItem, LibraryRow, LibrarySource, MediaType, SyncOutcome, TitleKey } from '@stellarr/core'
import { type Row, whole } from '../table/attribute-values.ts'
import type { StoreState } from '../table/state-row.ts'
import {
  type Entry,
  emptyRow,
  entryOf,
  type Facts,
  factsOf,
  hasLeftover,
  isPresent,
  isRemoved,
  sameFacts,
  withEntry,
  withNextEntry,
} from './rows.ts'

/** What reports of one title by `add` mean for its row. */
export interface ReportPlan {
  /** The row to store; absent when it is as it should be. */
  put?: Row
  /** How many were not there: the title, and of a restore each source of it. */
  added: number
  /** Something that readers see is another. */
  changed: boolean
}

/**
 * Applies reports of one title, in order. A repeated report is stored too when a sync has begun since the last one:
 * `t` then says that the sync, which may not know of the title, is to leave it alone.
 */
export function planReport(
  row: Row | undefined,
  source: LibrarySource,
  items: readonly LibraryItem[],
  state: StoreState,
  now: number,
): ReportPlan {
  const plan: ReportPlan = { added: 0, changed: false }
  let next = row
  for (const item of items) {
    const generation = state.generationOf(source, item.mediaType)
    const old = next && entryOf(next, source, generation)
    const facts = factsOf(item)
    const same = old !== undefined && sameFacts(old, facts)
    if (same && old.t >= state.syncNumber) continue
    if (!old) plan.added = 1
    if (!same) plan.changed = true
    const entry: Entry = { a: old?.a ?? now, t: state.syncNumber, ...facts }
    next = withEntry(next ?? emptyRow(item), source, entry)
  }
  if (next && next !== row) plan.put = next
  return plan
}

/** Applies rows of another store to one title: a source that has it keeps what it says. */
export function planRestore(row: Row | undefined, restored: readonly LibraryRow[], state: StoreState): ReportPlan {
  const plan: ReportPlan = { added: 0, changed: false }
  for (const given of restored) {
    const { source, mediaType, addedAt } = given
    const known = plan.put ?? row
    if (known && entryOf(known, source, state.generationOf(source, mediaType))) continue
    const entry: Entry = { a: addedAt, t: state.syncNumber, ...factsOf(given) }
    plan.put = withEntry(known ?? emptyRow(given), source, entry)
    plan.added += 1
    plan.changed = true
  }
  return plan
}

export interface SyncPlan {
  /** Rows to store before the new generation is shown: the differences. */
  put: Row[]
  /** False: there is nothing to show, the library is as staged. */
  changed: boolean
  outcome: SyncOutcome
}

/** What earlier syncs of a source removed, no source has, and lies there still. */
function leftAmong(
  rows: readonly Row[],
  { source, mediaType }: { source: LibrarySource; mediaType: MediaType },
  added: readonly TitleKey[],
  state: StoreState,
): TitleKey[] {
  const come = new Set(added.map((key) => key.tmdbId))
  return rows
    .filter((row) => isRemoved(row, source, state.generationOf(source, mediaType)) && !isPresent(row, mediaType, state))
    .map((row) => ({ mediaType, tmdbId: whole(row, 'tmdb_id') }))
    .filter((key) => !come.has(key.tmdbId))
}

/**
 * Compares the staged titles of a source with its rows. What `add` reported after the sync began (`t`) is left alone.
 * What a commit that died before it was shown has left is put right, since its generation is the next one's number.
 */
export function planSync(
  rows: readonly Row[],
  staged: ReadonlyMap<number, Facts>,
  sync: { source: LibrarySource; mediaType: MediaType; number: number },
  state: StoreState,
  now: number,
): SyncPlan {
  const { source, mediaType } = sync
  const shown = state.generationOf(source, mediaType)
  const put: Row[] = []
  const added: TitleKey[] = []
  const removed: TitleKey[] = []
  let updated = 0
  const known = new Set<number>()
  for (const row of rows) {
    const tmdbId = whole(row, 'tmdb_id')
    known.add(tmdbId)
    const old = entryOf(row, source, shown)
    const facts = staged.get(tmdbId)
    const reported = old !== undefined && old.t >= sync.number
    if (old && !facts && !reported) {
      removed.push({ mediaType, tmdbId })
      put.push(withNextEntry(row, source, shown, undefined))
    } else if (facts && !reported && !(old && sameFacts(old, facts))) {
      if (old) updated += 1
      else added.push({ mediaType, tmdbId })
      put.push(withNextEntry(row, source, shown, { a: old?.a ?? now, t: old?.t ?? 0, ...facts }))
    } else if (hasLeftover(row, source, shown)) put.push(withEntry(row, source, old))
  }
  for (const [tmdbId, facts] of staged) {
    if (known.has(tmdbId)) continue
    added.push({ mediaType, tmdbId })
    put.push(withNextEntry(emptyRow({ mediaType, tmdbId }), source, shown, { a: now, t: 0, ...facts }))
  }
  const byId = (a: TitleKey, b: TitleKey) => a.tmdbId - b.tmdbId
  return {
    put,
    changed: added.length + removed.length + updated > 0,
    outcome: {
      added: added.sort(byId),
      removed: removed.sort(byId),
      left: leftAmong(rows, sync, added, state).sort(byId),
      unchanged: staged.size - added.length - updated,
    },
  }
}
