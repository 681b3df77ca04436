import type {
  EpisodeMark,
  MediaRequest,
  RequestEvent,
  Said,
  SeasonPresence,
  SeasonState,
  SeriesPart,
} from '../media-request.ts'
import type { LibrarySource } from './sources.ts'

/** Episodes present per season: the most that any source reports; undefined when no source counts episodes. */
function episodesHere(rows: readonly { seasons?: readonly SeasonPresence[] }[]): Map<number, number> | undefined {
  const counted = rows.filter((row) => row.seasons !== undefined)
  if (counted.length === 0) return undefined
  const most = new Map<number, number>()
  for (const row of counted) {
    for (const season of row.seasons ?? []) {
      most.set(season.seasonNumber, Math.max(most.get(season.seasonNumber) ?? 0, season.episodes))
    }
  }
  return most
}

/** The same as a list, as events carry it. */
export function countedIn(rows: readonly { seasons?: readonly SeasonPresence[] }[]): SeasonPresence[] | undefined {
  const most = episodesHere(rows)
  return most && [...most].map(([seasonNumber, episodes]) => ({ seasonNumber, episodes }))
}

/** True when it is known of any season how much of it is here. */
export const isCounted = (request: Pick<MediaRequest, 'seasonState'>): boolean =>
  request.seasonState.some((season) => season.here !== undefined)

/** True when `a` was said after `b`; of two at the same moment the source whose name comes first counts as the later. */
const isLater = (a: Said, b: Said) => a.at > b.at || (a.at === b.at && a.source < b.source)

/** The marks of a season one by one, by number. */
function marksOf(season: SeasonState): Map<number, EpisodeMark> {
  const marks = new Map<number, EpisodeMark>()
  for (const { to, ...mark } of season.episodes ?? []) {
    for (let number = mark.number; number <= (to ?? mark.number); number += 1) marks.set(number, { ...mark, number })
  }
  return marks
}

/** The same as they are stored: those in a row that are alike as one. */
function packed(marks: ReadonlyMap<number, EpisodeMark>): EpisodeMark[] {
  const all: EpisodeMark[] = []
  for (const mark of [...marks.values()].sort((a, b) => a.number - b.number)) {
    const row = all.at(-1)
    const isAlike =
      row !== undefined &&
      row.number > 0 &&
      mark.number === (row.to ?? row.number) + 1 &&
      (['source', 'at', 'gone', 'first', 'lost', 'also'] as const).every((name) => row[name] === mark[name])
    if (isAlike) row.to = mark.number
    else all.push({ ...mark })
  }
  return all
}

/** True when an episode came after a count: one that was here before is in it, also when a better file came since. */
function cameAfter(mark: EpisodeMark, counted: Said): boolean {
  if (!isLater(mark, counted)) return false
  return mark.lost !== undefined || mark.first === undefined || mark.first > counted.at
}

/** Works out what is here of a season. Whatever the order in which senders said things, it comes out the same. */
function withHere(season: SeasonState, marks: ReadonlyMap<number, EpisodeMark>): SeasonState {
  const { here: _, episodes: __, ...bare } = season
  const { counted } = bare
  const next: SeasonState = marks.size > 0 ? { ...bare, episodes: packed(marks) } : bare
  const all = [...marks.values()]
  const present = all.filter((mark) => !mark.gone)
  const named = present.filter((mark) => mark.number > 0).length
  let total = named
  if (counted) {
    const came = present.filter((mark) => mark.number > 0 && cameAfter(mark, counted)).length
    const left = all.filter((mark) => mark.gone && isLater(mark, counted)).length
    total = Math.min(Math.max(season.episodeCount, counted.episodes, named), counted.episodes - left + came)
    // What came again after the count is here, whatever the count had of it.
    total = Math.max(total, present.filter((mark) => mark.number > 0 && isLater(mark, counted)).length)
  }
  // Some episode that was not named is one at least.
  const some = present.some((mark) => !counted || isLater(mark, counted)) ? 1 : 0
  total = Math.max(some, total)
  if (total <= 0) return next
  const said: Said[] = counted ? [...all, counted] : all
  const { source, at } = said.reduce((a, b) => (isLater(a, b) ? a : b))
  return { ...next, here: { episodes: total, source, at } }
}

/** The moment at which something counts as said: after all that the same source said of it and means something else. */
function momentOf(said: Said, others: readonly (Said | undefined)[]): number {
  const before = others.flatMap((one) => (one?.source === said.source ? one.at : []))
  return before.reduce((at, known) => Math.max(at, known + 1), said.at)
}

/** A mark after its episode came or left. */
function markAfter(
  known: EpisodeMark | undefined,
  number: number,
  said: Said,
  gone: boolean,
  counted: Said | undefined,
): EpisodeMark {
  const means = known && (known.gone ?? false) === gone
  const at = means ? said.at : momentOf(said, [known, counted && counted.at >= said.at ? counted : undefined])
  const latest: EpisodeMark = { number, source: said.source, at, ...(gone && { gone: true }) }
  if (!known) return latest
  const isNewer = isLater(latest, known)
  if (gone) {
    if (known.gone) return isNewer ? { ...known, source: said.source, at } : known
    if (!isNewer) return { ...known, lost: Math.max(known.lost ?? at, at) }
    const { first = known.at } = known
    return { ...latest, first, also: sourcesOfMark(known).sort().join(' ') }
  }
  const first = Math.min(known.first ?? (known.gone ? at : known.at), at)
  const lost = known.gone ? known.at : known.lost
  const { first: _, also: __, ...kept } = known
  const next: EpisodeMark = isNewer ? { ...latest, ...(lost !== undefined && { lost }) } : kept
  const others = new Set([...sourcesOfMark(known), said.source])
  if (!next.gone) others.delete(next.source)
  return {
    ...next,
    ...((next.gone || first !== next.at) && { first }),
    ...(others.size > 0 && { also: [...others].sort().join(' ') }),
  }
}

/** The sources that have said of an episode that it is here. */
function sourcesOfMark({ gone, source, also }: EpisodeMark): string[] {
  return [...(gone ? [] : [source]), ...(also?.split(' ') ?? [])]
}

/** A season after something was said of some of its episodes, or of all of it. */
function withParts(season: SeasonState, parts: readonly SeriesPart[], said: Said, gone: boolean): SeasonState {
  const isWhole = parts.some((part) => part.episodeNumber === undefined)
  if (gone && isWhole) return withCount(season, { seasonNumber: season.seasonNumber, episodes: 0 }, said)
  const marks = marksOf(season)
  for (const { episodeNumber: number = 0 } of parts) {
    marks.set(number, markAfter(marks.get(number), number, said, gone, season.counted))
  }
  return withHere(season, marks)
}

/**
 * A season after a library was counted. Of a sender that counts its libraries one by one the largest stands; a count of
 * all that it has takes the place of those.
 */
function withCount(season: SeasonState, { episodes, library }: SeasonPresence, said: Said): SeasonState {
  const known = season.counted
  const isOwn = known?.source === said.source
  if (known && !isOwn && isLater(known, said)) return season
  const marks = marksOf(season)
  const earlier = [...(isOwn && known.episodes !== episodes ? [known] : []), ...marks.values()]
  const at = momentOf(
    said,
    earlier.filter((one) => one.at > said.at),
  )
  const counted = { episodes, source: said.source, at: isOwn ? Math.max(at, known.at) : at }
  if (library === undefined) return withHere({ ...season, counted }, marks)
  // What it had counted before is that of another library, unless something has left since.
  const left = known && [...marks.values()].some((mark) => mark.gone && isLater(mark, known))
  const others = isOwn && !left ? (known.libraries ?? { '': known.episodes }) : {}
  const kept = Object.entries(others).slice(-MAX_LIBRARIES)
  const libraries = { ...Object.fromEntries(kept), [library]: episodes }
  return withHere(
    { ...season, counted: { ...counted, episodes: Math.max(...Object.values(libraries)), libraries } },
    marks,
  )
}

/** No server has as many libraries of series, or series as many seasons that no list knows. */
const MAX_LIBRARIES = 20
const MAX_SEASONS = 1_000
/** Half as many again as the series with the most episodes has; what is told of others beyond is not kept. */
const MAX_MARKS = 20_000

/** Rows of marks of all seasons. */
const marksIn = (states: ReadonlyMap<number, SeasonState>) =>
  [...states.values()].reduce((sum, season) => sum + (season.episodes?.length ?? 0), 0)

/** The seasons of a request as an event leaves them. */
export function seasonsAfter(request: MediaRequest, event: RequestEvent): SeasonState[] {
  if (event.source === 'person') return request.seasonState
  const said = { source: event.source, at: event.at }
  const states = new Map(request.seasonState.map((season) => [season.seasonNumber, season]))
  const gone = event.status === 'gone' || event.status === 'lost'
  const change = (seasonNumber: number, rule: (season: SeasonState) => SeasonState) => {
    const known = states.get(seasonNumber)
    if (!known && states.size >= MAX_SEASONS) return
    states.set(seasonNumber, rule(known ?? { seasonNumber, episodeCount: 0, unlisted: true }))
  }
  const bySeason = new Map<number, SeriesPart[]>()
  for (const part of event.parts ?? []) {
    const parts = bySeason.get(part.seasonNumber)
    if (parts) parts.push(part)
    else bySeason.set(part.seasonNumber, [part])
  }
  for (const [number, parts] of bySeason) {
    const hasRoom = marksIn(states) < MAX_MARKS
    change(number, (season) => withParts(season, hasRoom ? parts : parts.filter(isKnownIn(season)), said, gone))
  }
  for (const count of event.counted ?? []) {
    const isKnown = states.has(count.seasonNumber)
    if (count.episodes > 0 || isKnown) change(count.seasonNumber, (season) => withCount(season, count, said))
  }
  if (gone && !event.parts && !event.filesKept) {
    // All of it left with its files.
    for (const { seasonNumber, here } of states.values()) {
      if (here) change(seasonNumber, (season) => withCount(season, { seasonNumber, episodes: 0 }, said))
    }
  }
  return [...states.values()].sort((a, b) => a.seasonNumber - b.seasonNumber)
}

/** True for what is told of an episode of which something was told before. */
const isKnownIn =
  ({ episodes = [] }: SeasonState) =>
  ({ episodeNumber: number = 0 }: SeriesPart): boolean =>
    episodes.some((mark) => mark.number <= number && number <= (mark.to ?? mark.number))

/** Seasons after the catalogue told how many episodes they have. */
export const recounted = (seasons: readonly SeasonState[]): SeasonState[] =>
  seasons.map((season) => withHere(season, marksOf(season)))

/** How many of the first `count` episodes are here; where episodes are numbered on from season to season, how many are. */
export function hereOfFirst(season: SeasonState, count: number): number {
  const here = season.here?.episodes ?? 0
  if (season.counted) return here
  // A list that is an episode or two behind is no other numbering.
  if (highestEpisode(season) > season.episodeCount + LATE_EPISODES) return here
  const named = (season.episodes ?? []).filter((mark) => !mark.gone && mark.number > 0)
  return named.reduce((sum, mark) => sum + Math.max(0, Math.min(mark.to ?? mark.number, count) - mark.number + 1), 0)
}

/** So many episodes more than the catalogue lists may simply be new. */
export const LATE_EPISODES = 2

/** The highest number of an episode that is here; 0 where none is named. */
export const highestEpisode = ({ episodes = [] }: SeasonState): number =>
  episodes.reduce((most, mark) => (mark.gone ? most : Math.max(most, mark.to ?? mark.number)), 0)

/** How many episodes of a season one source alone has told to be here. */
export function hereBySource(season: SeasonState, source: LibrarySource): number {
  const marks = new Map([...marksOf(season)].filter(([, mark]) => mark.gone || sourcesOfMark(mark).includes(source)))
  const { counted, ...bare } = season
  const own: SeasonState = counted?.source === source ? { ...bare, counted } : bare
  return withHere(own, marks).here?.episodes ?? 0
}

/** The sources that have told of a season what is here. */
export function sourcesOf(season: SeasonState): LibrarySource[] {
  return [...(season.episodes ?? []), ...(season.counted ? [season.counted] : [])].map((said) => said.source)
}
