import type { MediaEventSource } from '../requests/index.ts'
import type { MediaType } from '../titles/index.ts'

/**
 * - `arrived`: the title, or the parts named, is in the library now.
 * - `picked_up`: a client has taken the title on.
 * - `downloading`: a client is fetching the title, or the parts named.
 * - `gone`: the whole title left its sender.
 * - `file_gone`: files of it left (of a series: those of the parts named).
 */
export type MediaEventKind = 'arrived' | 'picked_up' | 'downloading' | 'gone' | 'file_gone'

/** Ids of a movie or series. A movie has no TVDB id here: those count TVDB's movies, and lists know its series alone. */
export interface TitleIds {
  tmdbId?: number
  tvdbId?: number
  imdbId?: string
}

/** A part of a series: one episode, or a season when no episode is named. */
export interface EventPart {
  seasonNumber: number
  episodeNumber?: number
  /** Of a season: how many of its episodes are here now, where the sender counts them. */
  episodeCount?: number
  /** Where the sender counts each of its libraries apart: its own name of the one it counted. */
  library?: string
}

/** The one form that the messages of all senders are read into. It holds no account, address or path. */
export interface MediaEvent {
  source: MediaEventSource
  /** The sender's own word for it: `library.new`, `Download`. */
  name: string
  kind: MediaEventKind
  mediaType: MediaType
  /** Ids of the movie or series itself, never of a season or an episode. */
  ids: TitleIds
  /**
   * The sender's own name of the movie or series, to remember what it stood for: `plex://show/…`, `plex://movie/…`,
   * `jellyfin://server/item`, `emby://server/item`. Never that of a season or an episode.
   */
  guid?: string
  /** An episode's own TVDB id, to look its series up and for nothing else. */
  episodeTvdbId?: number
  /** Title of the movie or series, without a year at its end (see `titleAndYear`). */
  title?: string
  /** Year of the movie, or of the first episode of the series; absent where only the episode's is told. */
  year?: number
  /** Series only. Absent: the series as such. Empty: some of it, not said which. Seasons and episodes without doubles. */
  parts?: EventPart[]
  /** A series as such: how many of its episodes are here now, where the sender counts them. */
  episodeCount?: number
  /** Of `gone`: the sender forgot the title but left its files where they are. */
  filesKept?: true
}

/** What became of reading a sender's message. */
export type ReadEvent =
  | { kind: 'event'; event: MediaEvent }
  /** The sender's own "does it work?". */
  | { kind: 'test' }
  /** Read well, and nothing for us. The reason is a sentence for people. */
  | { kind: 'ignored'; reason: string }
  /** Another sender's message, at the wrong address. The reason is a sentence for people. */
  | { kind: 'stray'; reason: string }
  /** Not what this sender sends: `field` (empty: the whole) is not `expected`. */
  | { kind: 'invalid'; field: string; expected: string }
