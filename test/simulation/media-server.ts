import type { CatalogTitle, LibraryItem, MediaType } from '../../packages/core/src/index.ts'
import type { Instance } from './instances.ts'
import type { SimulatedServer } from './server.ts'
import { tvdbIdOf } from './titles.ts'

/**
 * A media server that has what the clients have files of, and tells it hourly in the old form's two kinds: what is new,
 * and the whole library.
 * @param options.isThinned somebody means the library to be less than half: confirms it
 * @param options.appeared called for each title that was not there before
 */
export function mediaServer(options: {
  server: SimulatedServer
  instances: readonly Instance[]
  titles: readonly CatalogTitle[]
  isThinned(): boolean
  appeared(title: CatalogTitle): void
}) {
  const { server, instances, titles } = options
  let known = new Set<CatalogTitle>()
  let syncs = 0

  function itemOf(title: CatalogTitle): LibraryItem | undefined {
    const { mediaType, tmdbId } = title
    const found = instances.flatMap((one) => one.filesOf(title) ?? [])
    if (!instances.some((one) => one.filesOf(title))) return undefined
    const item: LibraryItem = { mediaType, tmdbId, title: title.title }
    if (mediaType === 'movie') return item
    const seasons = [...new Set(found)].map((seasonNumber) => ({ seasonNumber, episodes: 8 }))
    return { ...item, tvdbId: tvdbIdOf(tmdbId), seasons }
  }

  return {
    async sync(): Promise<void> {
      syncs += 1
      const clear = syncs % 2 === 0
      const here = new Map(
        titles.flatMap((title) => {
          const item = itemOf(title)
          return item ? [[title, item]] : []
        }),
      )
      const fresh = [...here.keys()].filter((title) => !known.has(title))
      known = new Set(here.keys())
      for (const title of fresh) options.appeared(title)
      for (const type of ['movie', 'tv'] satisfies MediaType[]) {
        const sent = clear ? [...here.keys()] : fresh
        const items = sent.flatMap((title) => (title.mediaType === type ? (here.get(title) ?? []) : []))
        if (items.length === 0) continue
        await server.useCases().syncLibrary(type, items, { clear, confirm: options.isThinned() })
      }
    },
  }
}
