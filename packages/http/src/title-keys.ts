/** The services that titles come from, each with a key. */
export type TitleService = 'tmdb' | 'tvdb'

/** The setting that holds a service's key. */
export const TITLE_KEY_SETTINGS: Readonly<Record<TitleService, string>> = { tmdb: 'TMDB_API_KEY', tvdb: 'TVDB_API_KEY' }

/** What is known of a key; the key itself is never told. */
export interface TitleKey {
  service: TitleService
  /** Where it comes from: the environment comes before the app. */
  source: 'environment' | 'app' | 'none'
  /** What the service says of it; absent where nobody has asked. */
  state?: 'works' | 'refused' | 'unreachable'
}

/** The keys of a deployment. */
export interface TitleKeys {
  list(): Promise<TitleKey[]>
  /** Absent where a command sets them. Neither is called for one that the environment has. */
  change?: {
    /** Keeps and uses a key that its service takes. */
    set(service: TitleService, key: string): Promise<'kept' | 'refused' | 'unreachable'>
    remove(service: TitleService): Promise<void>
  }
}
