import type { SeenTime } from '../../base/rules/index.ts'
import type { MediaType } from '../../titles/index.ts'

/** A quality profile: requests carry one, and each client takes its own by it. */
export interface QualityProfile {
  id: number
  name: string
  rootFolders: Record<MediaType, string>
}

/** A requester as clients see them. */
export interface RequesterTag {
  id: number
  label: string
  /** The name they typed. */
  name: string
}

/** A quality profile as it is stored. */
export interface StoredProfile {
  name: string
  rootFolders: Record<MediaType, string>
  /** Names it had before: an address may still say one of them. */
  formerNames?: string[]
  removed?: true
}

/**
 * How the admin routes the feeds. An id is a place in a list that only grows, so one that was given out means the
 * same for ever: clients keep ids in their settings.
 */
export interface FeedSettings {
  /** The place is the id less one; a removed one keeps its place. */
  profiles: StoredProfile[]
  defaultProfileId: number
  /** Every root folder ever used; the place is the id less one. */
  rootFolders: string[]
  /** The place is the id less one. */
  tags: { name: string; label: string }[]
  tagsHidden: boolean
  /** Days that what has arrived stays listed once it is confirmed; absent: for good. */
  keepArrivedDays?: number
  /** The clock as it was last seen while retention was on (see `seeTime`). */
  seen?: SeenTime
  /** Addresses (`addressText` of the clients' rules) of which a client has read rows. */
  read: string[]
  /** The import that fills this store (see `moving`); the feeds stay closed until it ends. */
  importing?: string
  /** The store was found to be older than it was, and is its own witness; the feeds stay closed until it is confirmed. */
  isOlder?: true
  /** When the admin last said that this store is the right one, epoch ms: what was known before no longer counts. */
  confirmedAt?: number
}

export const DEFAULT_ROOT_FOLDERS: Readonly<Record<MediaType, string>> = { movie: '/movies', tv: '/tv' }
/** More names than this get no tag. */
export const MAX_TAGS = 200
export const MAX_PROFILES = 50

/** What every store starts with. */
export function firstFeedSettings(): FeedSettings {
  return {
    profiles: [{ name: 'Standard', rootFolders: { ...DEFAULT_ROOT_FOLDERS } }],
    defaultProfileId: 1,
    rootFolders: Object.values(DEFAULT_ROOT_FOLDERS),
    tags: [],
    tagsHidden: false,
    read: [],
  }
}

/** The profiles that can be chosen, by id. */
export function qualityProfiles(settings: FeedSettings): QualityProfile[] {
  return settings.profiles.flatMap(({ name, rootFolders, removed }, place) =>
    removed ? [] : { id: place + 1, name, rootFolders },
  )
}

/** The profile of an id, a removed one too: a request that still carries it keeps its name and folder. */
export function profileOf(settings: FeedSettings, id: number): QualityProfile | undefined {
  const profile = settings.profiles[id - 1]
  return profile && { id, name: profile.name, rootFolders: profile.rootFolders }
}

const sameName = (a: string, b: string) => a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase()

/** Every name that a profile has or had. */
const namesOf = ({ name, formerNames = [] }: StoredProfile) => [name, ...formerNames]

/**
 * The profile that can be chosen and has this id or name, as an address names it. A name it had before will do; one that
 * another profile has or had as well, removed or not, means none: the address would turn into another list.
 */
export function findProfile(settings: FeedSettings, given: string): QualityProfile | undefined {
  const profiles = qualityProfiles(settings)
  if (/^\d{1,4}$/.test(given)) return profiles.find((profile) => profile.id === Number(given))
  const isMeant = (profile: StoredProfile) => namesOf(profile).some((name) => sameName(name, given.trim()))
  const [id, ...others] = settings.profiles.flatMap((profile, place) => (isMeant(profile) ? place + 1 : []))
  return others.length > 0 ? undefined : profiles.find((profile) => profile.id === id)
}

/** What a profile that is now called `name` remembers of the names that it had. */
function remembered(name: string, ...before: (StoredProfile | undefined)[]): Pick<StoredProfile, 'formerNames'> {
  const formerNames: string[] = []
  for (const former of before.flatMap((profile) => (profile ? namesOf(profile) : []))) {
    if (![name, ...formerNames].some((known) => sameName(known, former))) formerNames.push(former)
  }
  return formerNames.length > 0 ? { formerNames } : {}
}

/** All tags, none while they are hidden. */
export function requesterTags(settings: FeedSettings): RequesterTag[] {
  return settings.tagsHidden ? [] : settings.tags.map((tag, place) => ({ id: place + 1, ...tag }))
}

/** The names among these that have no tag yet and can still get one. */
export function untagged(settings: FeedSettings, names: readonly string[]): string[] {
  const known = new Set(settings.tags.map((tag) => tag.name))
  const room = Math.max(0, MAX_TAGS - settings.tags.length)
  return [...new Set(names)].filter((name) => !known.has(name)).slice(0, room)
}

/**
 * Ids of the root folders that a type's profiles have now or a row still has, with their paths, as the clients' menus
 * show them.
 * @param used ids that rows have
 */
export function rootFoldersOf(
  settings: FeedSettings,
  type: MediaType,
  used: ReadonlySet<number | undefined>,
): { id: number; path: string }[] {
  const now = new Set(qualityProfiles(settings).map((profile) => profile.rootFolders[type]))
  return settings.rootFolders.flatMap((path, place) =>
    now.has(path) || used.has(place + 1) ? { id: place + 1, path } : [],
  )
}

/** The id of the root folder that a profile gives new rows; undefined for no such profile. */
export function folderIdOf(settings: FeedSettings, profileId: number, type: MediaType): number | undefined {
  const path = profileOf(settings, profileId)?.rootFolders[type]
  const place = path === undefined ? -1 : settings.rootFolders.indexOf(path)
  return place < 0 ? undefined : place + 1
}

/** The root folder that a row has: its own for as long as it is listed, else its profile's. */
export function folderOf(
  settings: FeedSettings,
  row: { mediaType: MediaType; qualityProfileId: number; rootFolderId?: number | undefined },
): string {
  const own = row.rootFolderId === undefined ? undefined : settings.rootFolders[row.rootFolderId - 1]
  return own ?? (profileOf(settings, row.qualityProfileId) ?? profileOf(settings, 1))?.rootFolders[row.mediaType] ?? '/'
}

/** A profile as the admin wants it; without an id it is new. */
export interface WantedProfile {
  id?: number | undefined
  name: string
  rootFolders?: Partial<Record<MediaType, string>> | undefined
}

export interface WantedFeedSettings {
  profiles?: readonly WantedProfile[] | undefined
  defaultProfileId?: number | undefined
  /** Null: for good. */
  keepArrivedDays?: number | null | undefined
  tagsHidden?: boolean | undefined
  /** The admin has read which rows may leave filtered lists. */
  confirmed?: boolean | undefined
}

export type FeedSettingsRefusal =
  | { kind: 'unknown_profile' | 'doubled_name' | 'too_many'; place: number }
  | { kind: 'profile_in_use'; name: string }
  | { kind: 'unknown_default' }
  /** Rows leave the lists that are filtered by requester. */
  | { kind: 'needs_confirmation'; rows: Record<MediaType, number> }

/** A folder without the slash at its end; the root itself stays. */
export const tidyFolder = (path: string) => path.replace(/(?<=.)[\\/]+$/, '')

/**
 * The settings as the admin wants them. What is not given stays. Profiles are given whole: one without an id is new
 * (or a removed one of that name comes back with its id), one left out is removed unless a request carries it.
 * @param used profile ids that requests carry
 */
export function changeFeedSettings(
  settings: FeedSettings,
  wanted: WantedFeedSettings,
  used: ReadonlySet<number>,
): { settings: FeedSettings } | { refused: FeedSettingsRefusal } {
  const next: FeedSettings = structuredClone(settings)
  if (wanted.profiles) {
    const refused = changeProfiles(next, wanted.profiles, used)
    if (refused) return { refused }
  }
  if (wanted.defaultProfileId !== undefined) next.defaultProfileId = wanted.defaultProfileId
  const chosen = qualityProfiles(next)
  if (!chosen.some((profile) => profile.id === next.defaultProfileId)) {
    if (wanted.defaultProfileId !== undefined) return { refused: { kind: 'unknown_default' } }
    next.defaultProfileId = chosen[0]?.id ?? 1
  }
  if (wanted.keepArrivedDays === null) delete next.keepArrivedDays
  else if (wanted.keepArrivedDays !== undefined) next.keepArrivedDays = wanted.keepArrivedDays
  if (wanted.tagsHidden !== undefined) next.tagsHidden = wanted.tagsHidden
  return { settings: next }
}

function changeProfiles(
  next: FeedSettings,
  wanted: readonly WantedProfile[],
  used: ReadonlySet<number>,
): FeedSettingsRefusal | undefined {
  const doubled = wanted.findIndex(({ name }, place) => wanted.slice(0, place).some((one) => sameName(one.name, name)))
  if (doubled >= 0) return { kind: 'doubled_name', place: doubled }
  const kept = new Set<number>()
  for (const [place, { id, name, rootFolders }] of wanted.entries()) {
    let at = id === undefined ? next.profiles.findIndex((one) => one.removed && sameName(one.name, name)) : id - 1
    if (at < 0) at = next.profiles.length
    const before = next.profiles[at]
    if (id !== undefined && (!before || before.removed)) return { kind: 'unknown_profile', place }
    if (at >= MAX_PROFILES) return { kind: 'too_many', place }
    const folders = { ...(before?.rootFolders ?? DEFAULT_ROOT_FOLDERS) }
    for (const type of ['movie', 'tv'] as const) {
      const folder = rootFolders?.[type]
      if (folder !== undefined) folders[type] = tidyFolder(folder)
      if (!next.rootFolders.includes(folders[type])) next.rootFolders.push(folders[type])
    }
    next.profiles[at] = { name, rootFolders: folders, ...remembered(name, before) }
    kept.add(at)
  }
  for (const [at, profile] of next.profiles.entries()) {
    if (kept.has(at) || profile.removed) continue
    if (used.has(at + 1)) return { kind: 'profile_in_use', name: profile.name }
    next.profiles[at] = { ...profile, removed: true }
  }
  return undefined
}

/** The label of a requester's tag: letters and digits of the name, and four digits of its hash, so that names stay apart. */
export function tagLabel(name: string, hash: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30)
  return `${slug === '' ? 'user' : slug}-${hash.slice(0, 4)}`
}

/** The settings with the mark of an import, or without any; the clock is another machine's. */
export function markImport({ importing: _, seen: __, ...settings }: FeedSettings, id?: string): FeedSettings {
  return id === undefined ? settings : { ...settings, importing: id }
}

/** The settings without what is true of one store alone. */
export function withoutMarks({ importing: _, isOlder: __, confirmedAt: ___, ...settings }: FeedSettings): FeedSettings {
  return settings
}

/**
 * The settings of two stores that become one. Ids keep their meaning for both, so one's profiles must begin with all of
 * the other's, by name; undefined when they do not. Tags and folders of `other` come after those of `settings`; what
 * there can be only one of stays as `settings` has it.
 */
export function mergeFeedSettings(settings: FeedSettings, other: FeedSettings): FeedSettings | undefined {
  const [longer, shorter] = settings.profiles.length < other.profiles.length ? [other, settings] : [settings, other]
  if (!shorter.profiles.every(({ name }, place) => sameName(name, longer.profiles[place]?.name ?? ''))) return undefined
  const profiles = longer.profiles.map((profile, place) => {
    const [own, theirs] = [settings.profiles[place], other.profiles[place]]
    return { ...(own ?? profile), ...remembered(profile.name, own, theirs) }
  })
  const folders = [...settings.rootFolders, ...other.rootFolders]
  for (const { rootFolders } of profiles) folders.push(rootFolders.movie, rootFolders.tv)
  const tags = [...settings.tags]
  for (const tag of other.tags) {
    const isKnown = tags.some(({ name, label }) => name === tag.name || label === tag.label)
    if (!isKnown && tags.length < MAX_TAGS) tags.push(tag)
  }
  return {
    ...settings,
    profiles,
    rootFolders: [...new Set(folders)],
    tags,
    read: [...new Set([...settings.read, ...other.read])],
  }
}
