import type { CatalogTitle } from '../../packages/core/src/index.ts'
import {
  isSafeImdbId,
  type ListType,
  RADARR_TYPES,
  type RadarrListSettings,
  SONARR_TYPES,
  type SonarrListSettings,
} from '../clients/index.ts'
import { type SimulatedServer, TOKEN } from './server.ts'

/** The lists that both Radarrs read: each line is one list, the program list first. */
export const RADARR_LISTS: readonly RadarrListSettings[] = [
  { name: 'program', type: 'program', url: '/radarr', apiKey: TOKEN },
  { name: 'custom', type: 'custom', url: `/list/radarr?by=tmdb&token=${TOKEN}` },
  { name: 'stevenlu', type: 'stevenlu', url: `/list/radarr?token=${TOKEN}` },
  { name: 'plexRss', type: 'plexRss', url: `/rss/all?token=${TOKEN}` },
]

/** The lists that both Sonarrs read. */
export const SONARR_LISTS: readonly SonarrListSettings[] = [
  { name: 'program', type: 'program', url: '/sonarr', apiKey: TOKEN, filters: { syncSeasonMonitoring: true } },
  { name: 'custom', type: 'custom', url: `/list/sonarr?token=${TOKEN}` },
  { name: 'plexRss', type: 'plexRss', url: `/rss/all?token=${TOKEN}` },
]

/** Whether a list can carry the title by the ids it has. */
function carries(list: RadarrListSettings | SonarrListSettings, title: CatalogTitle): boolean {
  if (list.type === 'stevenlu') return isSafeImdbId(title.imdbId)
  return title.mediaType === 'movie' || list.type === 'custom' || title.tvdbId !== undefined
}

/** The names of the lists that should show a title now and do not, or show it and should not. */
export async function wronglyShown(server: SimulatedServer, title: CatalogTitle, listed: boolean): Promise<string[]> {
  const isMovie = title.mediaType === 'movie'
  const lists = isMovie ? RADARR_LISTS : SONARR_LISTS
  const wrong: string[] = []
  for (const list of lists) {
    const types: Record<string, ListType> = isMovie ? RADARR_TYPES : SONARR_TYPES
    const type = types[list.type]
    if (!type) throw new Error(`no list type ${list.type}`)
    const items = type.read(await server.look(list.url + (type.programPath ?? '')), list.filters ?? {})
    const shown = items.some(
      (item) =>
        item.tmdbId === title.tmdbId ||
        (title.imdbId !== undefined && item.imdbId === title.imdbId) ||
        (title.tvdbId !== undefined && item.tvdbId === title.tvdbId),
    )
    if (shown !== (listed && carries(list, title))) wrong.push(`${list.name}: ${title.title}`)
  }
  return wrong
}
