import { type Row, record, rows, text, whole } from './shapes.ts'

/** A title's ids elsewhere, as far as the media server knows them. */
export interface Ids {
  tmdb?: number
  tvdb?: number
  imdb?: string
}

/** Stellarr takes no larger id. */
const MAX_ID = 2_147_483_647

function withId(ids: Ids, kind: string, value: string | undefined): void {
  if (value === undefined) return
  if (kind === 'imdb') {
    if (/^tt\d{7,10}$/.test(value)) ids.imdb ??= value
    return
  }
  const id = whole(value)
  if (id === undefined || id < 1 || id > MAX_ID) return
  if (kind === 'tmdb') ids.tmdb ??= id
  if (kind === 'tvdb') ids.tvdb ??= id
}

const LEGACY_AGENTS: Record<string, string> = { imdb: 'imdb', themoviedb: 'tmdb', thetvdb: 'tvdb' }

/** The ids of a Plex movie or show: of its `Guid` list, else of the `guid` that the older agents write. */
export function plexIds(item: Row): Ids {
  const ids: Ids = {}
  for (const guid of rows(item.Guid)) {
    const [, kind = '', value] = /^(tmdb|tvdb|imdb):\/\/(\w+)/.exec(text(guid.id) ?? '') ?? []
    withId(ids, kind, value)
  }
  const [, agent = '', value] = /^com\.plexapp\.agents\.(\w+):\/\/(\w+)/.exec(text(item.guid) ?? '') ?? []
  withId(ids, LEGACY_AGENTS[agent] ?? '', value)
  return ids
}

/** The ids of a Jellyfin or Emby item. The names' case differs between versions and plugins. */
export function providerIds(item: Row): Ids {
  const ids: Ids = {}
  for (const [name, value] of Object.entries(record(item.ProviderIds))) {
    withId(ids, name.toLowerCase(), text(value)?.trim())
  }
  return ids
}
