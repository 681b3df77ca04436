import type { Collection, MediaType } from './collection.ts'

/** A library of a media server that can hold movies or series. */
export interface Library {
  id: string
  name: string
  types: readonly MediaType[]
  /** False for home videos and the like, which are read only when they are named. */
  byDefault: boolean
}

/** Tells how far a reading is. */
export type Progress = (what: string, read: number, total: number | undefined) => void

/** A media server whose libraries can be read. */
export interface MediaServer {
  /** As people call it. */
  name: string
  /** As Stellarr calls it. */
  source: 'plex' | 'jellyfin' | 'emby'
  /** What to do about titles without a TMDB id. */
  hint: string
  libraries(): Promise<Library[]>
  /** Reads the titles of one type in a library; throws when it cannot be read whole. */
  read(library: Library, type: MediaType, into: Collection, progress: Progress): Promise<void>
}
