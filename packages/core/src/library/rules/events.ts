import { titleWithYear } from '../../titles/rules/index.ts'
import type { EventPart, MediaEvent } from '../media-event.ts'

/** Longer titles are cut: the longest on TMDB have some 250 characters. */
const SHOWN_TITLE = 200
const SHOWN_PARTS = 6

/**
 * Takes a year in brackets off the end of a title, as TVDB, Sonarr and Plex write it to tell namesakes apart (`Bluey
 * (2018)`): TMDB's titles have none. One that contradicts the year given is left where it is.
 */
export function titleAndYear(title: string, year?: number): { title: string; year?: number } {
  const [, bare, inside] = /^(.*\S)\s*\(((?:18|19|20|21)\d{2})\)$/.exec(title.trim()) ?? []
  const told = inside === undefined ? undefined : Number(inside)
  if (bare === undefined || told === undefined || (year !== undefined && year !== told)) {
    return { title: title.trim(), ...(year !== undefined && { year }) }
  }
  return { title: bare, year: told }
}

const two = (number: number) => String(number).padStart(2, '0')

/** `S02`, `S02E05`: read alike in every language. */
function partName({ seasonNumber, episodeNumber }: EventPart): string {
  return `S${two(seasonNumber)}${episodeNumber === undefined ? '' : `E${two(episodeNumber)}`}`
}

/**
 * An event in two lines for the activity page: which title, and the sender's word with the parts. Made of what is named
 * here alone, so that nothing else of a message is ever kept.
 */
export function describeEvent(event: MediaEvent): { title: string; detail: string } {
  const { tmdbId, tvdbId, imdbId } = event.ids
  const byId =
    (tmdbId !== undefined && `TMDB ${tmdbId}`) || (tvdbId !== undefined && `TVDB ${tvdbId}`) || (imdbId ?? '?')
  const name = event.title === undefined ? byId : titleWithYear(event.title, event.year)
  const parts = event.parts ?? []
  const shown = parts.slice(0, SHOWN_PARTS).map(partName).join(', ') + (parts.length > SHOWN_PARTS ? ' …' : '')
  return {
    title: name.length > SHOWN_TITLE ? `${name.slice(0, SHOWN_TITLE - 1)}…` : name,
    detail: [event.name, shown].filter((part) => part !== '').join(' · '),
  }
}
