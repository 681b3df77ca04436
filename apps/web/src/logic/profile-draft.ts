import type { AdminSettingsAnswer, AdminSettingsBody } from '@stellarr/http/wire'

/** A quality profile while it is edited; one that is new has no id yet. */
export interface ProfileDraft {
  key: number
  id: number | undefined
  name: string
  movie: string
  tv: string
  requests: number
  /** Root folders that its rows in the lists have, and how many. */
  inUse: Profiles['quality_profiles'][number]['folders_in_use']
}

export interface ProfilesDraft {
  rows: ProfileDraft[]
  /** The key of the one that requests get unless another is chosen. */
  standard: number
}

type Profiles = Pick<AdminSettingsAnswer, 'quality_profiles' | 'default_quality_profile_id'>

/** The profiles as they are, to be edited. */
export function draftOf({ quality_profiles, default_quality_profile_id }: Profiles): ProfilesDraft {
  return {
    rows: quality_profiles.map(({ id, name, root_folders, requests, folders_in_use }) => ({
      key: id,
      id,
      name,
      movie: root_folders.movie,
      tv: root_folders.tv,
      requests,
      inUse: folders_in_use,
    })),
    standard: default_quality_profile_id,
  }
}

/** A new row; its key is below those of all ids. */
export function newRow(rows: readonly ProfileDraft[]): ProfileDraft {
  const key = Math.min(0, ...rows.map((row) => row.key)) - 1
  return { key, id: undefined, name: '', movie: '/movies', tv: '/tv', requests: 0, inUse: [] }
}

const bodyOf = (rows: readonly ProfileDraft[]): NonNullable<AdminSettingsBody['quality_profiles']> =>
  rows.map(({ id, name, movie, tv }) => ({
    ...(id === undefined ? {} : { id }),
    name: name.trim(),
    root_folders: {
      ...(movie.trim() === '' ? {} : { movie: movie.trim() }),
      ...(tv.trim() === '' ? {} : { tv: tv.trim() }),
    },
  }))

/**
 * Saves a draft. A new profile gets its id from the server, so one that shall be the default is made first and named
 * after; until then the default of before stays, even when it is to go.
 */
export async function saveProfiles<Saved extends Profiles>(
  before: Profiles,
  { rows, standard }: ProfilesDraft,
  save: (body: AdminSettingsBody) => Promise<Saved>,
): Promise<Saved> {
  const chosen = rows.find((row) => row.key === standard)
  if (chosen?.id !== undefined) {
    return save({ quality_profiles: bodyOf(rows), default_quality_profile_id: chosen.id })
  }
  const leaving = draftOf(before).rows.filter(
    (row) => row.id === before.default_quality_profile_id && !rows.some((other) => other.id === row.id),
  )
  const made = await save({ quality_profiles: bodyOf([...rows, ...leaving]) })
  const name = chosen?.name.trim()
  const id = made.quality_profiles.find((profile) => profile.name === name)?.id
  if (id === undefined) return made
  const kept = draftOf(made).rows.filter((row) => !leaving.some((other) => other.id === row.id))
  return save({
    default_quality_profile_id: id,
    ...(leaving.length > 0 ? { quality_profiles: bodyOf(kept) } : {}),
  })
}

/**
 * Folders that lie in the text of another one of the same type: a client's filter by one of them takes the other's
 * titles too. The same folder twice is no mistake: whoever has that filters by profile.
 */
export function foldersInFolders(
  rows: readonly Pick<ProfileDraft, 'movie' | 'tv'>[],
): { inner: string; outer: string }[] {
  const pairs = (['movie', 'tv'] as const).flatMap((type) => {
    const folders = [...new Set(rows.map((row) => row[type].trim().toLowerCase()))].filter((folder) => folder !== '')
    return folders.flatMap((inner) =>
      folders.filter((outer) => outer !== inner && outer.includes(inner)).map((outer) => ({ inner, outer })),
    )
  })
  return pairs
}

/** The row and the part of it that a refusal is about; undefined when it is about none. @param field as `quality_profiles.1.name` */
export function faultOf(field: string | undefined): { row: number; part: 'name' | 'movie' | 'tv' } | undefined {
  const [, row, part] = /^quality_profiles\.(\d+)\b.*?(name|movie|tv)?$/.exec(field ?? '') ?? []
  if (row === undefined) return undefined
  return { row: Number(row), part: part === 'movie' || part === 'tv' ? part : 'name' }
}
