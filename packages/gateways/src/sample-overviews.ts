/** One line a title, written for this catalogue, by `type/TMDB id`. */
export const SAMPLE_OVERVIEWS: Readonly<Record<string, string>> = {}
