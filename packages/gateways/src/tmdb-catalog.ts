import type { CatalogItem, CatalogTitle, Language, MediaCatalog } from '@stellarr/core'
import { LRUCache } from 'lru-cache'
import { readPage, readTitle } from './tmdb-answers.ts'
import { type TmdbClientOptions, tmdbClient } from './tmdb-client.ts'

const TMDB_LANGUAGE: Record<Language, string> = { en: 'en-US', es: 'es-ES', fr: 'fr-FR', de: 'de-DE' }

const SEARCH_MS = 10 * 60_000
/** Less than from one daily work to the next, which is to hear what is new. */
const DETAILS_MS = 12 * 3_600_000
const TRENDING_MS = 3_600_000
const MAX_CACHED = 500
/** TMDB serves no page beyond this. */
const MAX_PAGE = 500

/** The catalogue of TMDB, with a bounded cache; the same question asked at once is sent once. */
export function tmdbCatalog(options: TmdbClientOptions): MediaCatalog & { close(): void } {
  const client = tmdbClient(options)
  const kept = new LRUCache<string, { value: unknown; until: number }>({ max: MAX_CACHED })
  const running = new Map<string, Promise<unknown>>()

  /** The read answer of a path, kept for `ms` by question and language. Faults are never kept. */
  async function ask<Read>(
    path: string,
    query: Record<string, string>,
    ms: number,
    read: (answer: unknown) => Read,
  ): Promise<Read> {
    const name = `${path}?${new URLSearchParams(query)}`
    const known = kept.get(name)
    if (known && known.until > options.clock.now()) return known.value as Read
    const before = running.get(name)
    if (before) return before as Promise<Read>
    const asked = client.get(path, query).then((answer) => {
      const value = read(answer)
      kept.set(name, { value, until: options.clock.now() + ms })
      return value
    })
    running.set(name, asked)
    try {
      return await asked
    } finally {
      running.delete(name)
    }
  }

  const detailsPath = (key: { mediaType: string; tmdbId: number }) => `/${key.mediaType}/${key.tmdbId}`
  const detailsQuery = (language: Language) => ({
    append_to_response: 'external_ids',
    language: TMDB_LANGUAGE[language],
  })

  /** Adds what the cached details know. */
  function withSeasons(item: CatalogItem, language: Language): CatalogItem {
    if (item.mediaType !== 'tv') return item
    const known = kept.peek(`${detailsPath(item)}?${new URLSearchParams(detailsQuery(language))}`)
    const title = known?.value as CatalogTitle | undefined
    return title?.numberOfSeasons === undefined ? item : { ...item, numberOfSeasons: title.numberOfSeasons }
  }

  return {
    kind: 'tmdb',
    close: () => client.close(),

    async search({ query, mediaType, page, language }) {
      const asked = {
        query,
        page: String(Math.min(page, MAX_PAGE)),
        include_adult: 'false',
        language: TMDB_LANGUAGE[language],
      }
      const found = await ask(`/search/${mediaType ?? 'multi'}`, asked, SEARCH_MS, (answer) =>
        readPage(answer, mediaType),
      )
      return {
        ...found,
        page,
        totalPages: Math.min(found.totalPages, MAX_PAGE),
        results: found.results.map((item) => withSeasons(item, language)),
      }
    },

    details: (key, language) =>
      ask(detailsPath(key), detailsQuery(language), DETAILS_MS, (answer) =>
        answer === undefined ? undefined : readTitle(answer, key.mediaType),
      ),

    async trending(kind, language) {
      const asked = { language: TMDB_LANGUAGE[language] }
      const listType = kind === 'all' ? undefined : kind
      const found = await ask(`/trending/${kind}/week`, asked, TRENDING_MS, (answer) => readPage(answer, listType))
      return found.results
    },
  }
}
