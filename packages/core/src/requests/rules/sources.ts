/**
 * The senders: who tells us what becomes of titles, which are media servers and the clients that fetch what was asked
 * for. Everything that knows them by name follows from this list.
 */
export const MEDIA_EVENT_SOURCES = ['plex', 'jellyfin', 'emby', 'sonarr', 'radarr'] as const
export type MediaEventSource = (typeof MEDIA_EVENT_SOURCES)[number]

/** Where a library item comes from; a sync replaces the rows of its own source only. */
export const LIBRARY_SOURCES = [...MEDIA_EVENT_SOURCES, 'sync'] as const
export type LibrarySource = (typeof LIBRARY_SOURCES)[number]
