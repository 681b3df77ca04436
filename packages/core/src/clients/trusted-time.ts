import { type BackgroundWork, type Clock, type SeenTime, seeTime } from '../base/index.ts'
import type { FeedSettingsUseCases } from '../routing/index.ts'

const HOUR_MS = 3_600_000
/** How often what was seen is stored: where the process can tell how much time has passed, and where it cannot. */
const NOTE_MS = HOUR_MS / 2
const NOTE_DAILY_MS = 20 * HOUR_MS
/** Where it cannot: so long nobody may have read a list. */
const UNREAD_MS = 25 * HOUR_MS

/**
 * Up to when time has passed for sure, for retention alone. What was seen of the clock lies with the routing, which every
 * read of a list reads anyway, and is stored now and then while retention is on.
 * @param deps.elapsed ms since some moment, by a clock that nobody sets; absent where the process sleeps between requests
 */
export function trustedTimeUseCases(deps: {
  feedSettings: Pick<FeedSettingsUseCases, 'noteTime'>
  clock: Clock
  elapsed?: (() => number) | undefined
  background: BackgroundWork
}) {
  let last: { seen: SeenTime; elapsed: number } | undefined
  /** When a note was last begun, so that a store which cannot be written is not asked at every read. */
  let notedAt = Number.NEGATIVE_INFINITY

  function look(stored: SeenTime | undefined): SeenTime {
    const now = deps.clock.now()
    if (!deps.elapsed) return seeTime(stored, now, { least: 0, most: UNREAD_MS })
    const elapsed = deps.elapsed()
    const passed = last ? elapsed - last.elapsed : 0
    const seen = seeTime(last?.seen ?? stored, now, { least: passed, most: passed })
    last = { seen, elapsed }
    return seen
  }

  const note = () => deps.feedSettings.noteTime(look)

  return {
    /** Epoch ms. @param stored as it lies with the routing that was just read */
    trustedTime(stored: SeenTime | undefined): number {
      const seen = look(stored)
      const every = deps.elapsed ? NOTE_MS : NOTE_DAILY_MS
      const isNews = !stored || seen.jumpedAt !== stored.jumpedAt || Math.abs(seen.at - stored.at) >= every
      if (isNews && Math.abs(seen.at - notedAt) >= Math.min(every, 60_000)) {
        notedAt = seen.at
        deps.background.add(note().catch(() => undefined))
      }
      return Math.min(seen.at, seen.trusted)
    },

    /** Stores what is seen of the clock now: hourly, and when the process ends. */
    noteTime: note,
  }
}

export type TrustedTimeUseCases = ReturnType<typeof trustedTimeUseCases>
