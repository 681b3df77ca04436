import type { RequestRow } from '@stellarr/http/wire'
import { isUpToDate } from './how-far.ts'

/** What somebody can do about being told: `follow` a request of another person, or `unfollow` it. */
export type FollowStep = 'follow' | 'unfollow'

/** The step that makes sense; undefined for whoever requested it, who is told anyway, and when nothing more will come. */
export function followStep(row: RequestRow, me: string | undefined): FollowStep | undefined {
  if (me === undefined || row.requested_by === me) return undefined
  if (row.followers.includes(me)) return 'unfollow'
  const isOver = row.status === 'available' && !row.future_seasons && !isUpToDate(row)
  return isOver || row.status === 'gone' ? undefined : 'follow'
}
