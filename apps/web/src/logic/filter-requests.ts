import type { RequestRow, RequestSort } from '@stellarr/http/wire'

/** In the order of a request's life. */
export const STATUSES = ['pending', 'picked_up', 'downloading', 'partly_available', 'available', 'gone'] as const
export const SORTS: readonly RequestSort[] = ['newest', 'oldest', 'title']

/** What the requests page is narrowed to; empty means everything. */
export interface RequestFilter {
  type: '' | RequestRow['media_type']
  status: '' | RequestRow['status']
  mine: boolean
  query: string
  sort: RequestSort
}

export const NO_FILTER: Readonly<RequestFilter> = { type: '', status: '', mine: false, query: '', sort: 'newest' }

/** True for a row that fits, before the server has said so. @param me the name of who is signed in */
export function fitsFilter(row: RequestRow, filter: RequestFilter, me: string | undefined): boolean {
  const query = filter.query.trim().toLowerCase()
  return (
    (filter.type === '' || row.media_type === filter.type) &&
    (filter.status === '' || row.status === filter.status) &&
    (!filter.mine || row.requested_by === me) &&
    [row.title, row.original_title ?? ''].some((title) => title.toLowerCase().includes(query))
  )
}

/** A filter as the server is asked. */
export function filterQuery(filter: RequestFilter, me: string | undefined): Record<string, string> {
  const query = filter.query.trim()
  return {
    sort: filter.sort,
    ...(filter.type && { media_type: filter.type }),
    ...(filter.status && { status: filter.status }),
    ...(filter.mine && me !== undefined && { by: me }),
    ...(query && { q: query }),
  }
}
