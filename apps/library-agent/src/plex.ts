import type { Collection, Found, MediaType } from './collection.ts'
import { AgentError, EXIT } from './errors.ts'
import type { Call } from './http.ts'
import { plexIds } from './ids.ts'
import type { Library, MediaServer, Progress } from './media-server.ts'
import { gather, type Pages, readWhole } from './paging.ts'
import { type Row, record, rows, text, whole } from './shapes.ts'

const PAGE_SIZE = 500
/** Plex's numbers of what a section can list. */
const MOVIE = 1
const SHOW = 2
const SEASON = 3

const TYPES: Record<string, readonly MediaType[]> = { movie: ['movie'], show: ['tv'] }

/** The sections of a Plex server that hold movies or series, of the answer of `/library/sections`. */
export function plexLibraries(body: unknown): Library[] {
  return rows(record(record(body).MediaContainer).Directory).flatMap((section) => {
    const [id, name, types] = [text(section.key), text(section.title), TYPES[text(section.type) ?? '']]
    if (id === undefined || name === undefined || types === undefined) return []
    // The agent of "Other Videos": nothing there is a movie with an id.
    return [{ id, name, types, byDefault: !/\.agents\.none$/.test(text(section.agent) ?? '') }]
  })
}

/** What Plex says about a movie or show. */
export function plexFound(item: Row): Found {
  return { title: text(item.title) ?? '', year: whole(item.year), ids: plexIds(item) }
}

/** Adds up a list of seasons: episodes by show and season. */
export function plexSeasons() {
  const shows = new Map<string, Map<number, number>>()
  return {
    take(season: Row): void {
      const [show, number, episodes] = [text(season.parentRatingKey), whole(season.index), whole(season.leafCount)]
      if (show === undefined || number === undefined || !episodes) return
      const seasons = shows.get(show) ?? new Map<number, number>()
      shows.set(show, seasons.set(number, Math.max(seasons.get(number) ?? 0, episodes)))
    },
    end: () => shows,
  }
}

/** A Plex server, read over its HTTP interface. */
export function plexServer(call: Call): MediaServer {
  const container = async (path: string, headers?: Record<string, string>): Promise<Row> => {
    const { status, body } = await call(path, headers ? { headers } : {})
    const found = record(body).MediaContainer
    if (status === 200 && found !== undefined) return record(found)
    throw new AgentError(EXIT.usage, `No Plex answers there (status ${status}): check --plex (PLEX_URL).`)
  }

  function pages(library: Library, type: number, noun: string, progress: Progress): Pages {
    const what = `Plex “${library.name}”, ${noun}`
    return {
      what,
      pageSize: PAGE_SIZE,
      idOf: (row) => text(row.ratingKey),
      progress: (read, total) => progress(what, read, total),
      async fetch(start, size) {
        // Oldest first: what arrives meanwhile comes last and moves nothing.
        const path = `/library/sections/${encodeURIComponent(library.id)}/all?type=${type}&includeGuids=1&sort=addedAt:asc`
        const page = await container(path, {
          'x-plex-container-start': String(start),
          'x-plex-container-size': String(size),
        })
        return { rows: rows(page.Metadata), total: whole(page.totalSize) }
      },
    }
  }

  return {
    name: 'Plex',
    source: 'plex',
    hint: 'In Plex: “Fix Match…” or “Match…” on the title; for a whole library set its agent to Plex Movie or Plex Series and refresh all metadata.',
    libraries: async () => plexLibraries({ MediaContainer: await container('/library/sections') }),

    async read(library, type, into: Collection, progress) {
      if (type === 'movie') {
        const movies = await readWhole(pages(library, MOVIE, 'movies', progress), () => gather(plexFound))
        for (const movie of movies) into.add(movie)
        return
      }
      const shows = await readWhole(pages(library, SHOW, 'series', progress), () =>
        gather((show) => ({ key: text(show.ratingKey) ?? '', found: plexFound(show) })),
      )
      // Seasons carry the number of their episodes: a tenth of the rows that the episodes are.
      const seasons = await readWhole(pages(library, SEASON, 'seasons', progress), plexSeasons)
      for (const { key, found } of shows) {
        const here = seasons.get(key)
        if (here) into.add({ ...found, seasons: here })
      }
    },
  }
}
