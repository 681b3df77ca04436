import type { Clock, Logger } from '../base/index.ts'
import { LANGUAGES } from '../titles/index.ts'
import { TRENDING_KINDS } from './catalog.ts'
import type { MediaCatalog, TrendingSnapshots } from './ports.ts'

/** What is logged of a trending file that could not be made anew; alarms look for it. */
export const TRENDING_KEPT = 'trending file kept as it was'

/** Turns catalogue items into the body of a trending file. */
export type TrendingBody = (items: Awaited<ReturnType<MediaCatalog['trending']>>) => string

export interface TrendingReport {
  /** Trending files written, and those whose old content was kept. */
  trendingSaved: number
  trendingKept: number
  /** True when the deadline came first; the rest is done the next day. */
  cutShort: boolean
}

/** The name of a trending file, as it is served. */
export function trendingFileName(kind: string, language: string): string {
  return `trending-${kind}-${language}.json`
}

/**
 * Rewrites the 12 trending files; one that cannot be made anew stays as it was.
 * @param deadline epoch ms after which no further one is begun
 */
export async function rewriteTrending(
  deps: {
    catalog: MediaCatalog
    snapshots: TrendingSnapshots
    clock: Clock
    logger: Logger
    trendingBody: TrendingBody
  },
  deadline: number,
): Promise<TrendingReport> {
  const done = { trendingSaved: 0, trendingKept: 0, cutShort: false }
  for (const language of LANGUAGES) {
    for (const kind of TRENDING_KINDS) {
      if (deps.clock.now() >= deadline) return { ...done, cutShort: true }
      const name = trendingFileName(kind, language)
      try {
        const items = await deps.catalog.trending(kind, language)
        if (items.length === 0) throw new Error('the catalogue named no titles')
        await deps.snapshots.save(name, deps.trendingBody(items))
        done.trendingSaved += 1
      } catch (error) {
        done.trendingKept += 1
        deps.logger.warn(TRENDING_KEPT, { file: name, reason: String(error) })
      }
    }
  }
  return done
}
