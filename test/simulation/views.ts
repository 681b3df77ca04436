import type { CatalogTitle, MediaType } from '../../packages/core/src/index.ts'
import { RADARR_TYPES, SONARR_TYPES, type SonarrProgramFilters } from '../clients/index.ts'
import type { Instance } from './instances.ts'
import type { SimulatedServer } from './server.ts'
import { clientIdOf } from './titles.ts'
import { mayBeOut, type Wish } from './wishes.ts'

/** The root folders of the standard profile, before and after the admin gave them other names. */
export const FOLDERS = {
  old: { movie: '/movies', tv: '/tv' },
  new: { movie: '/films', tv: '/shows' },
} as const satisfies Record<string, Record<MediaType, string>>

/** The second profile, by its id. */
export const SECOND_PROFILE = 2

const PROGRAMS = {
  movie: { type: RADARR_TYPES.program, url: '/radarr' },
  tv: { type: SONARR_TYPES.program, url: '/sonarr' },
} as const

/** The id of a person's tag, as the client's settings page offers it; undefined while they have none. */
export async function tagOf(server: SimulatedServer, name: string): Promise<number | undefined> {
  const { text } = await server.look('/radarr/api/v3/tag')
  const tags: { id: number; label: string }[] = JSON.parse(text)
  return tags.find(({ label }) => label.startsWith(`${name.toLowerCase()}-`))?.id
}

/**
 * Both program lists as they are filtered: whole, by the old folder, the new one, a profile, and a person's tag. A row
 * that was in one of them stays in it but by the rule (`mayBeOut`).
 */
export function filteredViews(options: {
  server: SimulatedServer
  wishes: ReadonlyMap<unknown, Wish>
  instances: readonly Instance[]
  /** Whose tag it is. */
  person: string
}) {
  const { server, wishes, instances, person } = options
  const shown = new Map<string, Set<number>>()
  /** Rows that a view lost, each once. */
  const lost = new Set<string>()
  /** Titles that were given up or removed, and came back though nobody asked for them again. */
  const back = new Set<string>()
  /** The most rows that each view has had. */
  const most = new Map<string, number>()

  /** The lists as they were last. */
  const texts = new Map<MediaType, string>()
  let tag: number | undefined

  async function filtersFor(type: MediaType): Promise<Record<string, SonarrProgramFilters>> {
    tag ??= await tagOf(server, person)
    return {
      whole: {},
      'old folder': { rootFolderPaths: [`${FOLDERS.old[type]}/`] },
      'new folder': { rootFolderPaths: [`${FOLDERS.new[type]}/`] },
      profile: { profileIds: [SECOND_PROFILE] },
      ...(tag !== undefined && { tag: { tagIds: [tag] } }),
    }
  }

  const isOpen = () => server.state.trouble === 'none' || server.state.trouble === 'failing reads'

  return {
    lost,
    back,
    most,

    /** Looks at every view, and notes what has left it since the last look and may not be out. */
    async look(): Promise<void> {
      if (!isOpen()) return
      for (const mediaType of ['movie', 'tv'] satisfies MediaType[]) {
        const { type, url } = PROGRAMS[mediaType]
        const answer = await server.look(url + type.programPath)
        const all = [...wishes.values()].filter(({ title }) => title.mediaType === mediaType)
        if (answer.text === texts.get(mediaType)) continue
        texts.set(mediaType, answer.text)
        const out = new Set(all.flatMap((wish) => (mayBeOut(wish, instances) ? clientIdOf(wish.title) : [])))
        for (const [name, filters] of Object.entries(await filtersFor(mediaType))) {
          const view = `${mediaType} by ${name}`
          const rows = type.read(answer, filters)
          const ids = new Set(rows.map((row) => (mediaType === 'movie' ? row.tmdbId : row.tvdbId)))
          for (const { title, left } of all) {
            if (left !== undefined && left !== 'withdrawn' && ids.has(clientIdOf(title)))
              back.add(`${view}: ${title.title}`)
          }
          for (const id of shown.get(view) ?? []) if (!ids.has(id) && !out.has(id)) lost.add(`${view}: ${id}`)
          shown.set(view, ids)
          most.set(view, Math.max(most.get(view) ?? 0, ids.size))
        }
      }
    },

    /** In which views a title was at the last look. */
    of: (title: CatalogTitle) =>
      [...shown].flatMap(([view, ids]) =>
        view.startsWith(`${title.mediaType} `) && ids.has(clientIdOf(title)) ? view : [],
      ),
  }
}

export type FilteredViews = ReturnType<typeof filteredViews>
