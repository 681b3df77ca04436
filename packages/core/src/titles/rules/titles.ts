/**
 * Folds a title for comparison in any script: compatibility forms and accents folded, case removed, everything that
 * is neither letter nor number dropped, `&` read as "and". A title of symbols alone keeps them, so that it is never
 * empty and two such titles do not match each other.
 */
export function normaliseTitle(title: string): string {
  const folded = title
    .normalize('NFKD')
    // Combining marks of Latin, Greek and Cyrillic only: in other scripts (Japanese, Hindi) marks make other words.
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/&/g, 'and')
  const letters = folded.replace(/[^\p{L}\p{N}\p{M}]+/gu, '')
  return letters === '' ? folded.replace(/\s+/g, ' ').trim() : letters
}

/** A valid IMDb title id: a malformed one makes a Radarr list match an arbitrary movie. */
export function isImdbId(value: string): boolean {
  return /^tt\d{7,10}$/.test(value)
}

/** `Inception (2010)`, or the bare title when the year is unknown. */
export function titleWithYear(title: string, year: number | undefined): string {
  return year === undefined ? title : `${title} (${year})`
}

/** A path of a poster at TMDB (`/abc.jpg`); `//elsewhere/abc.jpg`, put behind a host, would be none of theirs. */
export function isTmdbPoster(path: string): boolean {
  return /^\/[\w.-]+$/.test(path)
}

/** True for a poster of the sample catalogue, drawn by us: TMDB's takes its place once it is known. */
export function isDrawnPoster(path: string | undefined): boolean {
  return path?.startsWith('/posters/') ?? false
}

/** A title that is never blank, for clients that refuse one: the English one, else the original, else its TMDB id. */
export function titleOf(title: { title: string; originalTitle?: string; tmdbId: number }): string {
  return (
    [title.title, title.originalTitle].find((one) => one !== undefined && one.trim() !== '') ?? `TMDB ${title.tmdbId}`
  )
}
