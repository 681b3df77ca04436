import type { Collection, Item } from './collection.ts'
import { count } from './output.ts'

const SHOWN = 20

/** Lines that show what would be sent: the first titles, and how many more there are. */
export function* preview(titles: Collection): Generator<string> {
  const [first = []] = titles.pages(SHOWN)
  for (const item of first) yield `  ${line(item)}`
  if (titles.size > SHOWN) yield `  … and ${count(titles.size - SHOWN)} more`
}

function line({ title, tmdb_id, tvdb_id, imdb_id, seasons }: Item): string {
  const ids = [`tmdb ${tmdb_id}`, ...(tvdb_id ? [`tvdb ${tvdb_id}`] : []), ...(imdb_id ? [`imdb ${imdb_id}`] : [])]
  const counts = seasons?.map((season) => `season ${season.season_number}: ${season.episodes}`).join(', ')
  return `${title ?? ''} (${ids.join(', ')})${counts ? `; episodes in ${counts}` : ''}`
}
