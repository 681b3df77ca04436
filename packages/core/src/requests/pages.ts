import type { Clock } from '../base/index.ts'
import type { Session } from '../people/index.ts'
import type { MediaType } from '../titles/index.ts'
import type { MediaRequest } from './media-request.ts'
import { eachInSlices, type RequestOverview } from './overview.ts'
import { groupOf, REQUEST_GROUPS, type RequestGroup } from './rules/groups.ts'
import type { RequestOutline } from './rules/outlines.ts'
import { comparePlaces, holdsText, placeOf, type RequestPlace, type RequestSort } from './rules/paging.ts'
import type { MediaRequestStatus } from './rules/statuses.ts'
import { isVisible } from './views.ts'

/** What is asked for of the requests; all that is given holds at once. */
export interface RequestsWanted {
  group?: RequestGroup | undefined
  type?: MediaType | undefined
  status?: MediaRequestStatus | undefined
  /** The name of who asked first. */
  by?: string | undefined
  /** In the title or the original title. */
  text?: string | undefined
  sort: RequestSort
  /** Where the page before ended. */
  after?: RequestPlace | undefined
  /** Rows at most. */
  limit: number
}

export interface RequestsPage {
  requests: MediaRequest[]
  /** Where this page ended, when more follows. */
  next?: RequestPlace
  /** How many there are of each group, of all that is asked for but the group. */
  counts: Record<RequestGroup, number>
}

/** The requests as people page through them. */
export function requestPageUseCases(deps: { overview: RequestOverview; clock: Clock }) {
  return {
    /** All there are in outline, withdrawn ones too: newest first. */
    everyRequest: async (): Promise<readonly RequestOutline[]> => (await deps.overview.now()).rows,

    /**
     * A page of what people see. A row that does not change between two pages stands on one of them, whatever others do.
     * @param revision where it has been read already
     */
    async requestsPage(wanted: RequestsWanted, by: Session, revision?: number): Promise<RequestsPage> {
      const overview = await deps.overview.now(revision)
      const { sort, after, limit } = wanted
      const compare = comparePlaces(sort)
      const holds = holdsText(wanted.text ?? '')
      const now = deps.clock.now()
      const reader = { isAdmin: by.role === 'admin' }
      const counts = Object.fromEntries(REQUEST_GROUPS.map((group) => [group, 0])) as Record<RequestGroup, number>
      const fits = (row: RequestOutline) =>
        isVisible(row) &&
        (wanted.type === undefined || row.mediaType === wanted.type) &&
        (wanted.status === undefined || row.status === wanted.status) &&
        (wanted.by === undefined || row.requestedBy === wanted.by) &&
        holds(row)
      // One more than asked for tells whether more follows.
      const found: RequestOutline[] = []
      await eachInSlices(await inOrder(sort), (row) => {
        if (!fits(row)) return
        const group = groupOf(row, reader, now)
        counts[group] += 1
        if (found.length > limit || (wanted.group !== undefined && wanted.group !== group)) return
        if (after && compare(placeOf(row, sort), after) <= 0) return
        found.push(row)
      })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      return {
        requests: (await overview.find(page)).filter(isVisible),
        ...(found.length > limit && last && { next: placeOf(last, sort) }),
        counts,
      }

      async function inOrder(order: RequestSort): Promise<readonly RequestOutline[]> {
        if (order === 'title') return overview.byTitle()
        return order === 'newest' ? overview.rows : overview.rows.toReversed()
      }
    },
  }
}
