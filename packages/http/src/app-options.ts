import type { Writable } from 'node:stream'
import type { DeploymentChecks, FeedName, Logger, MediaEventSource, Received } from '@stellarr/core'
import type { AnswerLimit } from './revision-cache.ts'
import type { TitleKeys } from './title-keys.ts'

/** Backups of a store that is the deployment's own to copy. */
export interface Backups {
  /** What came of the last nightly one that was tried; undefined before the first. */
  lastNightly(): 'made' | 'skipped' | 'failed' | undefined
  /**
   * Makes a backup and writes its archive, a gzipped tar.
   * @param open called with the file's name once it is ready: where it is written to
   * @throws Fault where none can be made; nothing is opened then
   */
  make(withSecrets: boolean, open: (file: string) => Writable): Promise<void>
}

/** What counts for whoever watches the server. */
export interface Metrics {
  /** What opens `/metrics`. */
  token: string
  /** A request was answered. @param labels of few values each: `route` is a pattern */
  answered(labels: { route: string; method: string; status: string }, seconds: number): void
  /** A client read a list. */
  listRead(list: FeedName): void
  /** A sender's message was taken. */
  received(source: MediaEventSource, outcome: Received['outcome']): void
  /** All of it as Prometheus reads it (text format 0.0.4). */
  print(): Promise<{ type: string; text: string }>
}

/** How one deployment wants the shared routes to behave. */
export interface AppOptions {
  version: string
  logger: Logger
  /** The store in words, for the page about it: `SQLite`, `DynamoDB`. */
  store: string
  /** Accepted values of each machine token; the first is the one shown. A sender without any is not heard. */
  tokens: Readonly<Record<'feed' | 'sync' | MediaEventSource, readonly string[]>>
  /** The keys of TMDB and TVDB, for the admin; absent: none is told of. */
  titleKeys?: TitleKeys
  /** Messages of another Plex server are ignored; without it every server is heard. */
  plexServerName?: string | undefined
  /** Our own origins (`https://stellarr.example.org`), the first used in links; empty: private names are accepted. */
  baseUrls: readonly string[]
  /** Self-hosted: people come by other addresses too, and without base URLs a private host name is an origin of ours. */
  allowPrivateOrigins: boolean
  /** Whose pages may frame ours, as sources of a content security policy; absent or empty: nobody's. */
  frameAncestors?: readonly string[]
  /** Addresses or networks whose forwarded headers are believed. */
  trustedProxies: readonly string[]
  /** Answers may be kept behind the store's revision (one process per store). */
  keepAnswers: boolean
  /** Absent where the store is backed up by other means. */
  backups?: Backups
  /** What this deployment alone can say of how it stands; absent: nothing is checked. */
  checks?: DeploymentChecks
  /** Absent: nothing is counted. */
  metrics?: Metrics
  /** What a deployment calls the request that is being answered; absent: ids are made. */
  requestId?: () => string | undefined
  /** How large an answer may be; absent: as large as it is. */
  answerLimit?: AnswerLimit
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
