import type { BackgroundWork, Clock, SettingsStore } from '../base/index.ts'
import {
  parseRefusals,
  type Refusal,
  type StoredRefusals,
  WRITE_REFUSALS_EVERY_MS,
  withRefusals,
} from './rules/refusals.ts'

/** Where they lie among the store's settings; written while the app is asked, so it is never quite new. */
export const REFUSALS = 'refusals'

/**
 * What was refused within a day, for the admin: one stored text of at most fifty rows. Noting one never throws, and all
 * processes together write at most once a minute. Between two writes they are kept in memory, so what a process has
 * noted since the last one goes with it: on AWS that may be any, and whoever is refused comes again.
 */
export function refusalUseCases(deps: { settings: SettingsStore; clock: Clock; background: BackgroundWork }) {
  /** Noted here, and not written yet. */
  let waiting: Refusal[] = []
  let dueAt = Number.NEGATIVE_INFINITY
  let writing: Promise<void> | undefined

  async function write(rows: readonly Refusal[]): Promise<void> {
    let isWritten = false
    const kept = await deps.settings.update(REFUSALS, (stored) => {
      const now = deps.clock.now()
      const before = parseRefusals(stored)
      // A clock that went back must not keep all others waiting.
      isWritten = stored === undefined || Math.abs(now - before.writtenAt) >= WRITE_REFUSALS_EVERY_MS
      if (stored !== undefined && !isWritten) return stored
      const next: StoredRefusals = { writtenAt: now, rows: withRefusals(before.rows, rows, now) }
      return JSON.stringify(next)
    })
    dueAt = parseRefusals(kept).writtenAt + WRITE_REFUSALS_EVERY_MS
    if (!isWritten) putBack(rows)
  }

  function putBack(rows: readonly Refusal[]): void {
    waiting = withRefusals(rows, waiting, deps.clock.now())
  }

  return {
    /** Notes what was refused. Returns at once; it is written in the background. */
    noteRefusal(refused: Omit<Refusal, 'count' | 'firstAt' | 'lastAt'>): void {
      const now = deps.clock.now()
      waiting = withRefusals(waiting, [{ ...refused, count: 1, firstAt: now, lastAt: now }], now)
      if (writing || (now < dueAt && dueAt - now <= WRITE_REFUSALS_EVERY_MS)) return
      const rows = waiting
      waiting = []
      // Whatever comes of it, a store that is locked is not asked at every refusal.
      dueAt = now + WRITE_REFUSALS_EVERY_MS
      writing = write(rows)
        .catch(() => putBack(rows))
        .finally(() => {
          writing = undefined
        })
      deps.background.add(writing)
    },

    /** What was refused within a day, newest first. */
    async recentRefusals(): Promise<Refusal[]> {
      await writing
      const { rows } = parseRefusals(await deps.settings.get(REFUSALS))
      return withRefusals(rows, waiting, deps.clock.now())
    },
  }
}

export type RefusalUseCases = ReturnType<typeof refusalUseCases>
