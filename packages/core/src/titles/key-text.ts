import type { TitleKey } from './rules/media.ts'

/** A key as one text, for sets and maps. */
export const keyText = ({ mediaType, tmdbId }: TitleKey): string => `${mediaType}/${tmdbId}`
