import { isDrawnPoster } from '@stellarr/core/rules'

const IMAGES = 'https://image.tmdb.org/t/p'
const POSTER_WIDTHS = [185, 342, 500]
const BACKDROP_WIDTHS = [780, 1280]

const sizedSet = (path: string, widths: readonly number[]) =>
  widths.map((width) => `${IMAGES}/w${width}${path} ${width}w`).join(', ')

/** `src` and `srcset` of a poster: TMDB's in three widths, or one of ours as it is. */
export function posterSources(path: string): { src: string; srcset?: string } {
  if (isDrawnPoster(path)) return { src: path }
  return { src: `${IMAGES}/w342${path}`, srcset: sizedSet(path, POSTER_WIDTHS) }
}

/** The same of a backdrop. */
export function backdropSources(path: string): { src: string; srcset?: string } {
  return { src: `${IMAGES}/w780${path}`, srcset: sizedSet(path, BACKDROP_WIDTHS) }
}

/** A hue (0 to 359) for a title without a poster: the same title has the same one everywhere. */
export function hueOf(title: string): number {
  let hash = 7
  for (const char of title) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3600
  return hash % 360
}
