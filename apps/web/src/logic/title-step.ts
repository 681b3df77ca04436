import { isSeasonWanted } from '@stellarr/core/rules'
import type { RequestRow, TitleAnswer } from '@stellarr/http/wire'

export type Season = TitleAnswer['seasons'][number]

/** What a title's one button does now; undefined when there is nothing to do. */
export type TitleStep = 'request' | 'seasons' | 'more_seasons' | 'again' | 'withdraw'

/** Seasons as they stand with the present request, which may be newer than the answer they came with. */
export function seasonsWith(row: RequestRow | undefined, seasons: readonly Season[]): Season[] {
  const asked = row && {
    createdAt: Date.parse(row.created_at),
    alsoSeasons: row.also_seasons,
    ...(row.seasons === null ? {} : { seasons: row.seasons }),
    ...(row.future_seasons === null ? {} : { futureSeasons: row.future_seasons }),
  }
  return seasons.map((season) => {
    if (season.state !== 'requested' && season.state !== 'not_requested') return season
    const one = {
      seasonNumber: season.season_number,
      later: season.announced_later,
      ...(season.air_date === null ? {} : { airDate: season.air_date }),
    }
    const wanted = asked !== undefined && row?.status !== 'gone' && isSeasonWanted(asked, one)
    return { ...season, state: wanted ? ('requested' as const) : ('not_requested' as const) }
  })
}

/** Whether a person may take a request back: it is theirs, or they are the admin. A courtesy rule; the server's counts. */
export function mayWithdraw(row: RequestRow, me: { name: string; role: string } | undefined): boolean {
  return row.requested_by === me?.name || me?.role === 'admin'
}

/** The step that makes sense for a title. @param seasons those of `seasonsWith` */
export function titleStep(
  title: { media_type: 'movie' | 'tv'; in_library: boolean },
  row: RequestRow | undefined,
  seasons: readonly Season[],
  me: { name: string; role: string } | undefined,
): TitleStep | undefined {
  if (row?.status === 'gone') return 'again'
  const isSeries = title.media_type === 'tv'
  const open = seasons.some((season) => season.state === 'not_requested' && season.season_number > 0)
  if (!row) {
    if (isSeries) return title.in_library && seasons.length > 0 && !open ? undefined : 'seasons'
    return title.in_library ? undefined : 'request'
  }
  if (isSeries && open) return 'more_seasons'
  return mayWithdraw(row, me) && !title.in_library && row.status !== 'available' ? 'withdraw' : undefined
}
