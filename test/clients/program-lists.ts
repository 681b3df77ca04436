import { boolOf, checkDate, type FeedAnswer, intOf, intsOf, jsonRows, objectsOf, type Row, textOf } from './answers.ts'

/** What a program list can be narrowed to on the client; within one filter any match counts, an empty one is off. */
export interface ProgramFilters {
  profileIds?: readonly number[]
  tagIds?: readonly number[]
  /** Each a case-insensitive part of the movie's `path` or the series' `rootFolderPath`. */
  rootFolderPaths?: readonly string[]
}

export interface SonarrProgramFilters extends ProgramFilters {
  languageProfileIds?: readonly number[]
  /** Copies the rows' seasons; off by default. */
  syncSeasonMonitoring?: boolean
}

export interface RadarrProgramRow {
  tmdbId: number
  title?: string
  year: number
}

export interface SeasonChoiceRow {
  seasonNumber: number
  monitored: boolean
}

export interface SonarrProgramRow {
  tvdbId: number
  title?: string
  /** Only with `syncSeasonMonitoring`. */
  seasons?: SeasonChoiceRow[]
}

/** The names that `coverType` may have; any other fails the list (MediaCoverTypes in both clients). */
const COVERS = ['unknown', 'poster', 'banner', 'fanart', 'screenshot', 'headshot', 'clearlogo']

/** The typed rows of both programs; a redirect or 304 is a failure, and so are `null` and an empty body. */
function programRows({ status, text }: FeedAnswer): Row[] {
  if (status >= 300) throw new Error(`HTTP ${status}`)
  const rows = jsonRows(text)
  if (rows === undefined) throw new Error('no list')
  for (const row of rows) {
    for (const name of ['title', 'sortTitle', 'overview', 'titleSlug']) textOf(row, name)
    boolOf(row, 'monitored')
    for (const name of ['year', 'qualityProfileId']) intOf(row, name)
    for (const image of objectsOf(row, 'images') ?? []) {
      const cover = textOf(image, 'coverType')?.toLowerCase() ?? 'unknown'
      if (!COVERS.includes(cover) && !/^\d+$/.test(cover)) throw new Error(`images: coverType ${cover}`)
    }
    intsOf(row, 'tags')
  }
  return rows
}

const isOn = <Value>(filter: readonly Value[] | undefined): filter is readonly Value[] => (filter ?? []).length > 0

/** Whether a row passes; throws when a filter that is reached has nothing to look at, as the clients do. */
function passes(row: Row, filters: SonarrProgramFilters, folderName: string): boolean {
  const { profileIds, languageProfileIds, tagIds, rootFolderPaths } = filters
  if (isOn(profileIds) && !profileIds.includes(intOf(row, 'qualityProfileId'))) return false
  if (isOn(languageProfileIds) && !languageProfileIds.includes(intOf(row, 'languageProfileId'))) return false
  if (isOn(tagIds)) {
    const tags = intsOf(row, 'tags')
    if (tags === undefined) throw new Error('the tag filter is on and a row has no tags')
    if (!tagIds.some((id) => tags.includes(id))) return false
  }
  if (isOn(rootFolderPaths)) {
    const folder = textOf(row, folderName)?.toLowerCase()
    if (folder === undefined) throw new Error(`the root folder filter is on and a row has no ${folderName}`)
    if (!rootFolderPaths.some((part) => folder.includes(part.toLowerCase()))) return false
  }
  return true
}

/** Radarr, list type "Radarr" (RadarrImport, RadarrV3Proxy): the answer to `{base}/api/v3/movie`. */
export function readAsRadarrProgram(answer: FeedAnswer, filters: ProgramFilters = {}): RadarrProgramRow[] {
  // The whole body is read before any row is looked at.
  const rows = programRows(answer).map((row) => {
    for (const name of ['inCinemas', 'physicalRelease']) checkDate(row, name)
    textOf(row, 'path')
    const read: RadarrProgramRow = { tmdbId: intOf(row, 'tmdbId'), year: intOf(row, 'year') }
    const title = textOf(row, 'title')
    if (title !== undefined) read.title = title
    return { row, read }
  })
  return rows.filter(({ row }) => passes(row, filters, 'path')).map(({ read }) => read)
}

/** Sonarr, list type "Sonarr" (SonarrImport, SonarrV3Proxy): the answer to `{base}/api/v3/series`. */
export function readAsSonarrProgram(answer: FeedAnswer, filters: SonarrProgramFilters = {}): SonarrProgramRow[] {
  const rows = programRows(answer).map((row) => {
    textOf(row, 'rootFolderPath')
    intOf(row, 'languageProfileId')
    const seasons = objectsOf(row, 'seasons')?.map((season) => ({
      seasonNumber: intOf(season, 'seasonNumber'),
      monitored: boolOf(season, 'monitored'),
    }))
    return { row, tvdbId: intOf(row, 'tvdbId'), title: textOf(row, 'title'), seasons }
  })
  return rows
    .filter(({ row }) => passes(row, filters, 'rootFolderPath'))
    .map(({ tvdbId, title, seasons }) => {
      const read: SonarrProgramRow = title === undefined ? { tvdbId } : { tvdbId, title }
      if (!filters.syncSeasonMonitoring) return read
      if (seasons === undefined) throw new Error('seasons are to be copied and a row has none')
      return { ...read, seasons }
    })
}
