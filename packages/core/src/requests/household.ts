import { keptByRevision, type Revision } from '../base/index.ts'
import { keyText, MEDIA_TYPES, type MediaType, type TitleKey } from '../titles/index.ts'
import type { MediaRequest } from './media-request.ts'
import { eachInSlices, type RequestOverview } from './overview.ts'
import { askersOf } from './rules/askers.ts'
import type { RequestOutline } from './rules/outlines.ts'
import { isVisible } from './views.ts'

/** So many of one's own requests are told of with every look, those of which something became last. */
const MOST_OWN = 50
/** Requests that are read at once where all are. */
const READ_AT_ONCE = 250

/** What the household has and has requested, of some titles or of all. */
export interface HouseholdStatus<Requests> {
  /** TMDB ids, ascending. */
  library: Record<MediaType, number[]>
  requests: Requests
}

/** What the household has, for the marks on titles. */
export function householdUseCases(deps: {
  overview: RequestOverview
  library: { listIds(): Promise<Record<MediaType, number[]>> }
  revision: Revision
}) {
  const ids = keptByRevision(async () => {
    const { movie, tv } = await deps.library.listIds()
    return { movie: new Set(movie), tv: new Set(tv) }
  })

  return {
    /** The revision by which the rest here may be kept: read it first. */
    currentRevision: (): Promise<number> => deps.revision.current(),

    /**
     * What the household has of these titles, and what became of the requests that one made or follows.
     * @param name who looks
     */
    async statusOf(
      keys: readonly TitleKey[],
      name: string,
      revision: number,
    ): Promise<HouseholdStatus<MediaRequest[]>> {
      const [here, overview] = await Promise.all([ids(revision), deps.overview.now(revision)])
      const own: RequestOutline[] = []
      await eachInSlices(overview.rows, (row) => {
        if (isVisible(row) && askersOf(row).includes(name)) own.push(row)
      })
      const latest = own.sort((a, b) => b.statusAt - a.statusAt).slice(0, MOST_OWN)
      const asked = new Map([...keys, ...latest].map((key) => [keyText(key), key]))
      const known = (type: MediaType) =>
        keys.flatMap(({ mediaType, tmdbId }) => (mediaType === type && here[type].has(tmdbId) ? tmdbId : []))
      return {
        library: { movie: known('movie'), tv: known('tv') },
        requests: (await overview.find([...asked.values()])).filter(isVisible),
      }
    },

    /** All that the household has; its requests, newest first, come in parts. */
    async wholeStatus(revision: number): Promise<HouseholdStatus<AsyncIterable<MediaRequest[]>>> {
      const [here, overview] = await Promise.all([ids(revision), deps.overview.now(revision)])
      const visible = overview.rows.filter(isVisible)
      async function* parts() {
        for (let from = 0; from < visible.length; from += READ_AT_ONCE) {
          const rows = await overview.find(visible.slice(from, from + READ_AT_ONCE))
          yield rows.filter(isVisible)
        }
      }
      const [movie = [], tv = []] = MEDIA_TYPES.map((type) => [...here[type]])
      return { library: { movie, tv }, requests: parts() }
    },
  }
}
