import type { Insertable, Selectable } from 'kysely'

/** `requests`: JSON columns hold what is only ever read whole; times are epoch ms. */
export interface RequestsTable {
  media_type: string
  tmdb_id: number
  title: string
  original_title: string | null
  /** `normaliseTitle` of the titles, for matching by title and year. */
  title_key: string
  original_title_key: string | null
  year: number | null
  overview: string
  poster_path: string | null
  imdb_id: string | null
  tvdb_id: number | null
  /** JSON: `"all"` or numbers; null for movies. */
  seasons: string | null
  future_seasons: number | null
  quality_profile_id: number
  status: string
  status_at: number
  /** JSON. */
  statements: string
  requested_by: string
  /** JSON. */
  followers: string
  created_at: number
  added_at: number | null
  withdrawn_at: number | null
  /** JSON. */
  season_state: string
  /** JSON; null while the title has had the same ids. */
  former_ids: string | null
  /** JSON of what else is known (`storedFacts`); null for nothing. */
  facts: string | null
}

export interface LibraryTable {
  source: string
  media_type: string
  tmdb_id: number
  tvdb_id: number | null
  imdb_id: string | null
  title: string | null
  /** JSON; null when the source does not count episodes. */
  seasons: string | null
  added_at: number
  /** The number of the newest sync that had begun when a webhook last reported this row; a sync numbered higher may remove it. */
  touched: number
  /** The first generation that it is in, and the one before which it ends. */
  since: number
  until: number
}

export interface PushTable {
  endpoint: string
  user: string
  p256dh: string
  auth: string
  language: string
  created_at: number
}

export interface PlexGuidTable {
  guid: string
  media_type: string
  tmdb_id: number
  tvdb_id: number | null
}

export interface SettingsTable {
  name: string
  value: string
}

/** The tables that kysely builds queries for. */
export interface Database {
  requests: RequestsTable
  library: LibraryTable
  push_subscriptions: PushTable
  plex_guids: PlexGuidTable
  settings: SettingsTable
}

export type RequestRecord = Selectable<RequestsTable>
export type NewRequestRecord = Insertable<RequestsTable>
