import type { RequestRow } from '@stellarr/http/wire'

/** In the order of a request's life. */
export const STATUSES = ['pending', 'picked_up', 'downloading', 'partly_available', 'available', 'gone'] as const
export const SORTS = ['newest', 'oldest', 'title'] as const

/** What the requests page is narrowed to; empty means everything. */
export interface RequestFilter {
  type: '' | RequestRow['media_type']
  status: '' | RequestRow['status']
  mine: boolean
  query: string
  sort: (typeof SORTS)[number]
}

export const NO_FILTER: Readonly<RequestFilter> = { type: '', status: '', mine: false, query: '', sort: 'newest' }

/** The rows that fit, in the order asked for. @param me the name of who is signed in */
export function filterRequests(
  rows: readonly RequestRow[],
  filter: RequestFilter,
  me: string | undefined,
  locale: string,
): RequestRow[] {
  const query = filter.query.trim().toLocaleLowerCase(locale)
  const fits = (row: RequestRow) =>
    (filter.type === '' || row.media_type === filter.type) &&
    (filter.status === '' || row.status === filter.status) &&
    (!filter.mine || row.requested_by === me) &&
    [row.title, row.original_title ?? ''].some((title) => title.toLocaleLowerCase(locale).includes(query))
  const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' })
  const shown = rows.filter(fits)
  if (filter.sort === 'title') return shown.sort((a, b) => compare(a.title, b.title))
  // The server gives them newest first.
  return filter.sort === 'oldest' ? shown.reverse() : shown
}
