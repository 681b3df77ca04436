import { MEDIA_TYPES, normaliseTitle, type TitleKey } from '../../titles/rules/index.ts'
import type { RequestOutline } from './outlines.ts'

/** In what order requests are paged through. */
export const REQUEST_SORTS = ['newest', 'oldest', 'title'] as const
export type RequestSort = (typeof REQUEST_SORTS)[number]

/** Where a page ended: by what its last row was ordered, and which row that was. */
export interface RequestPlace extends TitleKey {
  /** `createdAt`, or the title as it is ordered (`titleOrder`). */
  value: number | string
}

/** Of a title so many letters order it: it travels in the address of the next page. */
const ORDERED_LETTERS = 100

/** A title as it is ordered: by its words, numbers by their size. */
export const titleOrder = (title: string): string =>
  title
    .split(/\s+/)
    .map(normaliseTitle)
    .join(' ')
    .replace(/\d{1,8}/g, (digits) => digits.padStart(8, '0'))
    .slice(0, ORDERED_LETTERS)

/** Movies before series, then by id: the order of the keys. */
const byKey = (a: TitleKey, b: TitleKey): number =>
  MEDIA_TYPES.indexOf(a.mediaType) - MEDIA_TYPES.indexOf(b.mediaType) || a.tmdbId - b.tmdbId

const compare = (a: number | string, b: number | string) => (a < b ? -1 : a > b ? 1 : 0)

/** The newest first: the order in which all requests are held. */
export const newestFirst = (
  a: TitleKey & Pick<RequestOutline, 'createdAt'>,
  b: TitleKey & Pick<RequestOutline, 'createdAt'>,
): number => b.createdAt - a.createdAt || byKey(a, b)

/** How two places stand in an order; no two requests stand alike. */
export function comparePlaces(sort: RequestSort): (a: RequestPlace, b: RequestPlace) => number {
  if (sort === 'title') return (a, b) => compare(a.value, b.value) || byKey(a, b)
  const newest = (a: RequestPlace, b: RequestPlace) => compare(b.value, a.value) || byKey(a, b)
  return sort === 'newest' ? newest : (a, b) => newest(b, a)
}

/** Where a request stands in an order. */
export const placeOf = (
  { mediaType, tmdbId, createdAt, title }: Pick<RequestOutline, 'mediaType' | 'tmdbId' | 'createdAt' | 'title'>,
  sort: RequestSort,
): RequestPlace => ({ mediaType, tmdbId, value: sort === 'title' ? titleOrder(title) : createdAt })

/** A place as one text, for the next page. */
export const placeText = (sort: RequestSort, { mediaType, tmdbId, value }: RequestPlace): string =>
  `${sort}.${mediaType}.${tmdbId}.${value}`

/** The place of such a text; undefined when it is none of this order. */
export function parsePlace(text: string, sort: RequestSort): RequestPlace | undefined {
  const [, order, type, id, value] = /^(\w+)\.(movie|tv)\.(\d{1,10})\.(.*)$/s.exec(text) ?? []
  const mediaType = MEDIA_TYPES.find((one) => one === type)
  if (order !== sort || mediaType === undefined || value === undefined) return undefined
  const place = { mediaType, tmdbId: Number(id) }
  if (sort === 'title') return { ...place, value }
  return /^\d{1,16}$/.test(value) ? { ...place, value: Number(value) } : undefined
}

/** Makes a test for titles that hold a text, as people type it; every title holds an empty one. */
export function holdsText(text: string): (request: Pick<RequestOutline, 'title' | 'originalTitle'>) => boolean {
  if (text.trim() === '') return () => true
  const wanted = normaliseTitle(text)
  const holds = (title: string | undefined) => title !== undefined && normaliseTitle(title).includes(wanted)
  return ({ title, originalTitle }) => holds(title) || (originalTitle !== title && holds(originalTitle))
}
