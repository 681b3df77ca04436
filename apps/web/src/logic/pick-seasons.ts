import type { TitleAnswer } from '@stellarr/http/wire'

export const SEASON_MODES = ['all', 'first', 'latest', 'pick'] as const
export type SeasonMode = (typeof SEASON_MODES)[number]

type Season = TitleAnswer['seasons'][number]

/** More than this is worth a word about room on the disk. */
const MANY_EPISODES = 150

/** The seasons that a mode stands for; specials (0) only where they are picked by hand. */
export function seasonsOf(mode: SeasonMode, seasons: readonly Season[], picked: readonly number[]): Season[] {
  const regular = seasons.filter((season) => season.season_number > 0 && season.episode_count > 0)
  if (mode === 'pick') return seasons.filter((season) => picked.includes(season.season_number))
  if (mode === 'first') return regular.slice(0, 1)
  return mode === 'latest' ? regular.slice(-1) : regular
}

/** Number of episodes when there are many of them, else 0. */
export function manyEpisodes(seasons: readonly Season[]): number {
  const episodes = seasons.reduce((sum, season) => sum + season.episode_count, 0)
  return episodes > MANY_EPISODES ? episodes : 0
}
