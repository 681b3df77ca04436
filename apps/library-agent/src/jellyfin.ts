import type { Collection, Found, MediaType } from './collection.ts'
import { AgentError, EXIT } from './errors.ts'
import type { Call } from './http.ts'
import { providerIds } from './ids.ts'
import type { Library, MediaServer, Progress } from './media-server.ts'
import { gather, type Pages, readWhole } from './paging.ts'
import { type Row, record, rows, text, whole } from './shapes.ts'

const PAGE_SIZE = 1_000
const TYPES: Record<string, readonly MediaType[]> = { movies: ['movie'], tvshows: ['tv'] }
const BOTH: readonly MediaType[] = ['movie', 'tv']

/** The libraries that hold movies or series, of the answer of `/Library/MediaFolders`. A mixed one has no type. */
export function jellyfinLibraries(body: unknown): Library[] {
  return rows(record(body).Items).flatMap((folder) => {
    const kind = text(folder.CollectionType)
    const [id, name] = [text(folder.Id), text(folder.Name)]
    const types = kind === undefined || kind === 'mixed' ? BOTH : TYPES[kind]
    return id === undefined || name === undefined || types === undefined ? [] : [{ id, name, types, byDefault: true }]
  })
}

/** What Jellyfin or Emby says about a movie or series. */
export function jellyfinFound(item: Row): Found {
  return { title: text(item.Name) ?? '', year: whole(item.ProductionYear), ids: providerIds(item) }
}

/** Counts a list of episodes by series and season. Those that are only announced or missing are no files: left out. */
export function jellyfinEpisodes() {
  const series = new Map<string, Map<number, Set<number | string>>>()
  return {
    take(episode: Row): void {
      const id = text(episode.SeriesId)
      if (id === undefined || episode.LocationType === 'Virtual' || episode.IsMissing === true) return
      const seasons = series.get(id) ?? new Map<number, Set<number | string>>()
      series.set(id, seasons)
      const season = whole(episode.ParentIndexNumber)
      if (season === undefined) return
      const here = seasons.get(season) ?? new Set()
      seasons.set(season, here)
      const first = whole(episode.IndexNumber)
      if (first === undefined) here.add(text(episode.Id) ?? '')
      // One file can hold several episodes, and two files the same one.
      else for (let n = first; n <= lastOf(episode, first); n += 1) here.add(n)
    },
    end(): Map<string, Map<number, number>> {
      return new Map(
        [...series].map(([id, seasons]) => [id, new Map([...seasons].map(([season, here]) => [season, here.size]))]),
      )
    },
  }
}

/** The last episode of a file; an odd number is not believed. */
function lastOf(episode: Row, first: number): number {
  const last = whole(episode.IndexNumberEnd) ?? first
  return last >= first && last - first < 100 ? last : first
}

/** A Jellyfin or Emby server, read over the HTTP interface that both have in common. */
export function jellyfinServer(source: 'jellyfin' | 'emby', call: Call): MediaServer {
  const name = source === 'jellyfin' ? 'Jellyfin' : 'Emby'
  const option = source === 'jellyfin' ? '--jellyfin (JELLYFIN_URL)' : '--emby (EMBY_URL)'

  async function items(path: string): Promise<Row> {
    const { status, body } = await call(path)
    if (status === 200 && Array.isArray(record(body).Items)) return record(body)
    throw new AgentError(EXIT.usage, `No ${name} answers there (status ${status}): check ${option}.`)
  }

  function pages(library: Library, kind: string, noun: string, progress: Progress): Pages {
    const what = `${name} “${library.name}”, ${noun}`
    const query = new URLSearchParams({
      ParentId: library.id,
      Recursive: 'true',
      IncludeItemTypes: kind,
      Fields: 'ProviderIds',
      ...(kind === 'Episode' ? { ExcludeLocationTypes: 'Virtual' } : {}),
      CollapseBoxSetItems: 'false',
      EnableImages: 'false',
      EnableUserData: 'false',
      // Oldest first: what arrives meanwhile comes last and moves nothing.
      SortBy: 'DateCreated,SortName',
      SortOrder: 'Ascending',
    })
    return {
      what,
      pageSize: PAGE_SIZE,
      idOf: (row) => text(row.Id),
      progress: (read, total) => progress(what, read, total),
      async fetch(start, size) {
        const page = await items(`/Items?${query}&StartIndex=${start}&Limit=${size}`)
        return { rows: rows(page.Items), total: whole(page.TotalRecordCount) }
      },
    }
  }

  return {
    name,
    source,
    hint: `In ${name}: “Identify” on the title, or switch TheMovieDb on among the library’s metadata downloaders and refresh it.`,
    libraries: async () => jellyfinLibraries(await items('/Library/MediaFolders')),

    async read(library, type, into: Collection, progress) {
      if (type === 'movie') {
        const movies = await readWhole(pages(library, 'Movie', 'movies', progress), () => gather(jellyfinFound))
        for (const movie of movies) into.add(movie)
        return
      }
      const series = await readWhole(pages(library, 'Series', 'series', progress), () =>
        gather((row) => ({ id: text(row.Id) ?? '', found: jellyfinFound(row) })),
      )
      const episodes = await readWhole(pages(library, 'Episode', 'episodes', progress), jellyfinEpisodes)
      for (const { id, found } of series) {
        const seasons = episodes.get(id)
        // A series without a file is only a folder or an announcement.
        if (seasons) into.add({ ...found, seasons })
      }
    },
  }
}
