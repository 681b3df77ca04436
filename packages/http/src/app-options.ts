import type { Logger, MediaEventSource } from '@stellarr/core'

/** How one deployment wants the shared routes to behave. */
export interface AppOptions {
  version: string
  logger: Logger
  /** The store in words, for the page about it: `SQLite`, `DynamoDB`. */
  store: string
  /** Accepted values of each machine token; the first is the one shown. A sender without any is not heard. */
  tokens: Readonly<Record<'feed' | 'sync' | MediaEventSource, readonly string[]>>
  /** Messages of another Plex server are ignored; without it every server is heard. */
  plexServerName?: string | undefined
  /** Our own origins (`https://stellarr.example.org`), the first used in links; empty: private names are accepted. */
  baseUrls: readonly string[]
  /** Self-hosted: without base URLs a private host name is an origin of ours. */
  allowPrivateOrigins: boolean
  /** Addresses or networks whose forwarded headers are believed. */
  trustedProxies: readonly string[]
  /** Answers may be kept behind the store's revision (one process per store). */
  keepAnswers: boolean
  /** Folder of the built web app; absent where a CDN serves it. */
  siteDir?: string
  /**
   * Draws a poster of the sample catalogue by file name; undefined for an unknown one. Needed with TMDB too, for titles
   * that were asked for before its key was set.
   */
  drawPoster?: (name: string) => string | undefined | Promise<string | undefined>
}

/** Machines' tokens by name, but for the lists': those have keys of single readers beside theirs. */
export type TokenName = Exclude<keyof AppOptions['tokens'], 'feed'>
