import { isImdbId, MAX_ID, type MediaType, type TitleIds } from '@stellarr/core'

/** What Plex calls the kinds of items that may be a title or a part of one. */
export type PlexLevel = 'movie' | 'show' | 'season' | 'episode'

/** How many numbers a legacy guid has: `…thetvdb://73762`, `…://73762/17`, `…://73762/17/9`. */
const NUMBERS: Record<PlexLevel, number> = { movie: 1, show: 1, season: 2, episode: 3 }

function numberOf(digits: string | undefined): number | undefined {
  const number = /^\d{1,10}$/.test(digits ?? '') ? Number(digits) : 0
  return number >= 1 && number <= MAX_ID ? number : undefined
}

function only<Name extends string, Value>(name: Name, value: Value | undefined) {
  return value === undefined ? {} : ({ [name]: value } as { [name in Name]: Value })
}

/**
 * Ids of the movie or series in the guid of an item that one of Plex's agents from before 2020 knows, or Hama's. These
 * name seasons and episodes by the series' id with numbers behind it, so the id is the series' whatever the item is,
 * provided that there are as many numbers as the item needs. AniDB's ids are nobody's that we know.
 * Facts: https://github.com/ZeroQI/Hama.bundle, guids of `com.plexapp.agents.*` as Plex sends them.
 */
export function idsOfLegacyGuid(guid: string | undefined, level: PlexLevel): TitleIds {
  const [, agent, path = ''] = /^com\.plexapp\.agents\.(\w+):\/\/([^?#]+)/.exec(guid ?? '') ?? []
  const [first = '', ...numbers] = path.split('/').filter((part) => part !== '')
  if (numbers.length !== NUMBERS[level] - 1) return {}
  const isMovie = level === 'movie'
  switch (agent) {
    case 'imdb':
      return only('imdbId', isImdbId(first) ? first : undefined)
    case 'themoviedb':
      return only('tmdbId', numberOf(first))
    case 'thetvdb':
    case 'thetvdbdvdorder':
      return isMovie ? {} : only('tvdbId', numberOf(first))
    case 'hama': {
      // `tvdb2-` to `tvdb6-` number episodes in other ways; `tsdb-` is TMDB's series, `tmdb-` its movies.
      const [, source = '', inner = ''] = /^([a-z]+)\d?-(\w+)$/.exec(first) ?? []
      if (source === 'tvdb' && !isMovie) return only('tvdbId', numberOf(inner))
      if (source === (isMovie ? 'tmdb' : 'tsdb')) return only('tmdbId', numberOf(inner))
      return only('imdbId', source === 'imdb' && isImdbId(inner) ? inner : undefined)
    }
    default:
      return {}
  }
}

/** Ids in the `Guid` list of the agents since 2020: those of the item itself, be it a movie, a series or an episode. */
export function idsOfGuids(guids: readonly { id?: string | undefined }[]): TitleIds {
  let ids: TitleIds = {}
  for (const { id = '' } of guids) {
    const [, source, value = ''] = /^(imdb|tmdb|tvdb):\/\/(\w+)$/.exec(id) ?? []
    if (source === 'imdb' && isImdbId(value)) ids = { imdbId: value, ...ids }
    else if (source === 'tmdb') ids = { ...only('tmdbId', numberOf(value)), ...ids }
    else if (source === 'tvdb') ids = { ...only('tvdbId', numberOf(value)), ...ids }
  }
  return ids
}

/** True for the guid of an item that no agent looked up: a home video, or anything of an "Other Videos" library. */
export const isOfNoAgent = (guid: string | undefined) => /^(tv\.plex|com\.plexapp)\.agents\.none:\/\//i.test(guid ?? '')

/**
 * A guid that names a movie or series alike on every Plex server; undefined for that of anything else. `local://` and
 * the like count up on each server.
 */
export function titleGuid(guid: string | undefined, mediaType: MediaType): string | undefined {
  const kind = mediaType === 'movie' ? 'movie' : 'show'
  return guid !== undefined && new RegExp(`^plex://${kind}/\\w{1,64}$`).test(guid) ? guid : undefined
}
