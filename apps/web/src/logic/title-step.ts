import { hasArrived, isSeasonWanted } from '@stellarr/core/rules'
import type { RequestRow, TitleAnswer } from '@stellarr/http/wire'
import { seasonsOfAll } from './pick-seasons.ts'

export type Season = TitleAnswer['seasons'][number]

/** What a title's one button does now; undefined when there is nothing to do. */
export type TitleStep = 'request' | 'seasons' | 'more_seasons' | 'again' | 'withdraw'

const isRegular = (season: Season) => season.season_number > 0

/** True for a season that needs no request any more: it was requested, or all of it that has aired is here. */
export const isSettled = ({ requested, state }: Season): boolean =>
  requested || state === 'complete' || state === 'up_to_date'

/** Seasons as they stand with the present request, which may be newer than the answer they came with. */
export function seasonsWith(row: RequestRow | undefined, seasons: readonly Season[]): Season[] {
  const asked = row && {
    createdAt: Date.parse(row.created_at),
    // All of a series that has nothing else means its specials.
    alsoSeasons: row.seasons === 'all' && !seasons.some(isRegular) ? [0] : row.also_seasons,
    ...(row.seasons === null ? {} : { seasons: row.seasons }),
    ...(row.future_seasons === null ? {} : { futureSeasons: row.future_seasons }),
  }
  return seasons.map((season) => {
    const one = {
      seasonNumber: season.season_number,
      later: season.announced_later,
      past: season.past,
      ...(season.air_date === null ? {} : { airDate: season.air_date }),
    }
    return { ...season, requested: asked !== undefined && row?.status !== 'gone' && isSeasonWanted(asked, one) }
  })
}

/** Whether a person may take a request back: it is theirs, or they are the admin. A courtesy rule; the server's counts. */
export function mayWithdraw(row: RequestRow, me: { name: string; role: string } | undefined): boolean {
  return row.requested_by === me?.name || me?.role === 'admin'
}

/** The step that makes sense for a title. @param seasons those of `seasonsWith` */
export function titleStep(
  title: { media_type: 'movie' | 'tv'; in_library: boolean; in_catalog: boolean },
  row: RequestRow | undefined,
  seasons: readonly Season[],
  me: { name: string; role: string } | undefined,
): TitleStep | undefined {
  // Nobody would find it: it can only be taken back.
  if (!title.in_catalog) return row && mayWithdraw(row, me) ? 'withdraw' : undefined
  if (row?.status === 'gone') return 'again'
  const isSeries = title.media_type === 'tv'
  const open = seasonsOfAll(seasons).some((season) => !isSettled(season))
  if (!row) {
    if (isSeries) return title.in_library && seasons.length > 0 && !open ? undefined : 'seasons'
    return title.in_library ? undefined : 'request'
  }
  if (isSeries && open) return 'more_seasons'
  // Of a series the library may have seasons that nobody has requested.
  const isHere = isSeries ? hasArrived(row.status) : title.in_library || row.status === 'available'
  return mayWithdraw(row, me) && !isHere ? 'withdraw' : undefined
}
