import type { RequestRow, TitleAnswer } from '@stellarr/http/wire'

export const SEASON_MODES = ['all', 'first', 'latest', 'pick'] as const
export type SeasonMode = (typeof SEASON_MODES)[number]

type Season = TitleAnswer['seasons'][number]

/** More than this is worth a word about room on the disk. */
const MANY_EPISODES = 150

/** The seasons that `all` means: those that are no specials; the specials of a series that has nothing else. */
export function seasonsOfAll(seasons: readonly Season[]): readonly Season[] {
  const regular = seasons.filter((season) => season.season_number > 0)
  return regular.length > 0 ? regular : seasons
}

/** The seasons that a mode stands for; specials (0) only where they are picked by hand, or there is nothing else. */
export function seasonsOf(mode: SeasonMode, seasons: readonly Season[], picked: readonly number[]): Season[] {
  if (mode === 'pick') return seasons.filter((season) => picked.includes(season.season_number))
  const listed = seasonsOfAll(seasons).filter((season) => season.episode_count > 0)
  if (mode === 'all') return listed
  const regular = listed.filter((season) => season.season_number > 0)
  if (mode === 'first') return regular.slice(0, 1)
  return regular.slice(-1)
}

/**
 * The mode that the choice begins with: the whole series, or a choice of the others where some were requested. Where
 * Sonarr numbers the series otherwise, only the whole of it is sure to be understood.
 */
export function firstMode(isMore: boolean, numbering: TitleAnswer['numbering']): SeasonMode {
  return isMore && numbering !== 'differs' ? 'pick' : 'all'
}

/** True when a request wants seasons announced later already: nothing that was asked for is ever taken away. */
export const keepsFuture = (row: RequestRow | undefined): boolean => row?.future_seasons ?? false

/** Whether a mode brings seasons announced later along, as long as nobody says otherwise. */
export const wantsFuture = (mode: SeasonMode, row: RequestRow | undefined): boolean =>
  keepsFuture(row) || mode === 'all' || mode === 'latest'

/** Number of episodes when there are many of them, else 0. */
export function manyEpisodes(seasons: readonly Season[]): number {
  const episodes = seasons.reduce((sum, season) => sum + season.episode_count, 0)
  return episodes > MANY_EPISODES ? episodes : 0
}
