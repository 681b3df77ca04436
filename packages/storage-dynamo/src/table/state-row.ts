import { type Clock, Fault, type LibrarySource, type Logger, type MediaType } from '@stellarr/core'
import type { Failure } from '../client/failures.ts'
import { gate } from '../client/parallel.ts'
import { optionalText, optionalWhole, type Row } from './attribute-values.ts'
import { ifAhead, type Wording } from './expressions.ts'
import { REVISION_KEY } from './keys.ts'
import type { TableClient } from './table-client.ts'

/**
 * The one row that every change passes, since DynamoDB changes only single rows at once (we use no transactions).
 *
 * The revision must rise by one with a change of requests or library, never without one, and never be missed, and a
 * reader that keeps something under a revision must hold all changes that it counts. So a change is announced here,
 * written, and counted: the count removes the announcement and raises the revision in one update. Who dies between
 * leaves an announcement, and whoever reads the revision a minute later counts it.
 *
 * The row also holds which generation of each source's library is the visible one, so that a commit shows the new
 * library and raises the revision in one update, and the lock of those who write the library in batches.
 */
export interface StoreState {
  revision: number
  /** How many syncs have begun. */
  syncNumber: number
  generationOf(source: LibrarySource, mediaType: MediaType): number
  /** Changes under way: attribute name → when it was announced, epoch ms. */
  announced: Map<string, number>
  lockedUntil: number
}

/** No change takes as long: whose announcement is older has died. */
const CHANGE_MS = 60_000
/** How long the lock is held without a sign of life, and what must be left of it before a wave of batches begins. */
const LOCK_MS = 90_000
const WAVE_MS = 60_000

/** Changes of one process under way at once: each is announced in the row, which must stay small. */
const CHANGES_AT_ONCE = 16

const BUSY: Failure = { kind: 'busy', type: 'Busy', message: 'another change of the library is under way' }
const generationName = (source: LibrarySource, mediaType: MediaType) => `generation_${source}_${mediaType}`
const randomName = () => Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('hex')

/** What the row says; a store in which nothing has changed yet has none. */
export function stateFrom(row: Row = {}): StoreState {
  const announced = new Map<string, number>()
  for (const name of Object.keys(row)) {
    if (name.startsWith('announced_')) announced.set(name, optionalWhole(row, name) ?? 0)
  }
  return {
    revision: optionalWhole(row, 'revision') ?? 0,
    syncNumber: optionalWhole(row, 'sync_number') ?? 0,
    generationOf: (source, mediaType) => optionalWhole(row, generationName(source, mediaType)) ?? 0,
    announced,
    lockedUntil: optionalText(row, 'lock') === undefined ? 0 : (optionalWhole(row, 'lock_until') ?? 0),
  }
}

/** Held by one writer at a time. */
export interface LibraryLock {
  /** As it was when the lock was taken. */
  state: StoreState
  /** Makes sure of the lock for another minute. Throws `storage_unavailable` when somebody else has taken it. */
  hold(): Promise<void>
  /** Runs a change that is seen as it is written; see `StateRow.change`. */
  change: StateRow['change']
  /** Makes a generation the visible one and counts a change, at once. */
  show(source: LibrarySource, mediaType: MediaType, generation: number): Promise<void>
}

export interface StateRow {
  read(): Promise<StoreState>
  /** The revision; changes that died are counted first. */
  revision(): Promise<number>
  /** Counts another sync; answers its number. */
  nextSync(): Promise<number>
  /** Runs a change of requests; `changed` says whether it is to be counted. What it throws leaves it announced. */
  change<Result>(work: () => Promise<{ changed: boolean; result: Result }>): Promise<Result>
  /** The same for a change of single library rows: it begins once nobody holds the lock. */
  changeLibrary<Result>(work: (state: StoreState) => Promise<{ changed: boolean; result: Result }>): Promise<Result>
  /** Runs a writer of batches alone, after the changes of single rows that are under way. */
  exclusively<Result>(work: (lock: LibraryLock) => Promise<Result>): Promise<Result>
}

export function stateRow(table: TableClient, clock: Clock, logger: Logger | undefined): StateRow {
  const inTurn = gate(CHANGES_AT_ONCE)
  const read = async () => stateFrom(await table.get(REVISION_KEY))
  const update = (change: Wording, condition?: Wording) => table.update(REVISION_KEY, change, condition)
  const updated = (change: Wording, condition?: Wording) => table.updated(REVISION_KEY, change, condition)

  const unlocked: Wording = (e) =>
    `(attribute_not_exists(${e.name('lock')}) OR ${e.name('lock_until')} <= ${e.value(clock.now())} OR ${ifAhead('lock_until', clock.now(), LOCK_MS)(e)})`

  /** Announces by a name, works, and counts. `announce` answers once the announcement is stored. */
  async function announced<Given, Result>(
    kind: 'request' | 'library',
    announce: (words: Wording) => Promise<Given>,
    work: (given: Given) => Promise<{ changed: boolean; result: Result }>,
  ): Promise<Result> {
    const name = `announced_${kind}_${randomName()}`
    const given = await announce((e) => `SET ${e.name(name)} = ${e.value(clock.now())}`)
    const { changed, result } = await work(given)
    await update((e) => `REMOVE ${e.name(name)}${changed ? ` ADD ${e.name('revision')} ${e.value(1)}` : ''}`)
    return result
  }

  const change: StateRow['change'] = (work) => announced('request', update, work)

  /** Makes an update of the row once nobody holds the lock. */
  async function onceUnlocked(words: Wording): Promise<StoreState> {
    const until = table.deadline()
    for (let round = 1; ; round += 1) {
      const row = await updated(words, unlocked)
      if (row) return stateFrom(row)
      await table.backOff(round, until, BUSY)
    }
  }

  /** What was announced later than now was so by a clock that was ahead. */
  const hasDied = (at: number) => Math.abs(clock.now() - at) >= CHANGE_MS

  /** Waits for the changes of single rows that began before the lock was taken. */
  async function waitForOthers(state: StoreState): Promise<StoreState> {
    const until = table.deadline()
    let seen = state
    for (let round = 1; ; round += 1) {
      const others = [...seen.announced].filter(([name, at]) => name.startsWith('announced_library') && !hasDied(at))
      if (others.length === 0) return seen
      await table.backOff(round, until, BUSY)
      seen = await read()
    }
  }

  return {
    read,
    async revision() {
      const state = await read()
      const dead = [...state.announced].filter(([, at]) => hasDied(at))
      if (dead.length === 0) return state.revision
      for (const [name] of dead) {
        await update(
          (e) => `REMOVE ${e.name(name)} ADD ${e.name('revision')} ${e.value(1)}`,
          (e) => `attribute_exists(${e.name(name)})`,
        )
      }
      return (await read()).revision
    },
    async nextSync() {
      const row = await updated((e) => `ADD ${e.name('sync_number')} ${e.value(1)}`)
      return stateFrom(row).syncNumber
    },
    change: (work) => inTurn(() => change(work)),
    changeLibrary: (work) => inTurn(() => announced('library', onceUnlocked, work)),

    async exclusively(work) {
      const name = randomName()
      let lockedUntil = 0
      const ours: Wording = (e) => `${e.name('lock')} = ${e.value(name)}`
      const take = async (condition: Wording): Promise<StoreState | undefined> => {
        const until = clock.now() + LOCK_MS
        const row = await updated(
          (e) => `SET ${e.name('lock')} = ${e.value(name)}, ${e.name('lock_until')} = ${e.value(until)}`,
          condition,
        )
        if (row) lockedUntil = until
        return row && stateFrom(row)
      }
      const until = table.deadline()
      // Ours already: an earlier attempt had taken it and its answer got lost.
      const free: Wording = (e) => `${unlocked(e)} OR ${ours(e)}`
      let taken = await take(free)
      for (let round = 1; taken === undefined; round += 1) {
        await table.backOff(round, until, BUSY)
        taken = await take(free)
      }
      try {
        const state = await waitForOthers(taken)
        return await work({
          state,
          // Not in turn: those whose turn it is may be waiting for this lock.
          change,
          async hold() {
            if (lockedUntil - clock.now() >= WAVE_MS) return
            if (!(await take(ours))) throw new Fault('storage_unavailable', 'Another sync has taken over. Begin again.')
          },
          async show(source, mediaType, generation) {
            const shown = await update(
              (e) =>
                `SET ${e.name(generationName(source, mediaType))} = ${e.value(generation)} ADD ${e.name('revision')} ${e.value(1)}`,
              ours,
            )
            if (!shown) throw new Fault('storage_unavailable', 'Another sync has taken over. Begin again.')
          },
        })
      } finally {
        await update((e) => `REMOVE ${e.name('lock')}, ${e.name('lock_until')}`, ours).catch((error: unknown) =>
          logger?.warn('the lock of the library was left to expire', { reason: String(error) }),
        )
      }
    },
  }
}
