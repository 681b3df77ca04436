import type { RequestRow } from '@stellarr/http/wire'

/** What somebody can do about being told: `follow` a request of another person, or `unfollow` it. */
export type FollowStep = 'follow' | 'unfollow'

/** The step that makes sense; undefined for whoever requested it, who is told anyway, and when nothing more will come. */
export function followStep(row: RequestRow, me: string | undefined): FollowStep | undefined {
  if (me === undefined || row.requested_by === me) return undefined
  if (row.followers.includes(me)) return 'unfollow'
  const isOver = row.status === 'available' && !row.future_seasons
  return isOver || row.status === 'gone' ? undefined : 'follow'
}

/** How many of the wanted seasons of a series are here; undefined while there is nothing to say about it. */
export function seasonsHere(row: RequestRow | undefined): { here: number; wanted: number } | undefined {
  const seasons = row?.seasons_here
  if (!seasons || seasons.wanted === 0) return undefined
  // Of a series that only waits, the state says it all.
  return seasons.here > 0 || row.status === 'partly_available' ? seasons : undefined
}
