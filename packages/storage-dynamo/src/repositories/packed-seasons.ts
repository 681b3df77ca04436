import { type EpisodeMark, Fault, type SeasonState } from '@stellarr/core'
import { damaged, fromJson, type Row } from '../table/attribute-values.ts'

/** Longer ones are packed: a row ends at 400 KB, and thousands of episodes told one by one have a megabyte. */
const LONGEST_TEXT = 64 * 1024

const FIELDS = ['number', 'to', 'source', 'at', 'gone', 'first', 'lost', 'also'] as const
type Packed = Omit<SeasonState, 'episodes'> & { episodes?: unknown[][] }

/** A mark's values in the order of the fields; what is near the mark before is told by how far it is from that. */
function valuesOf(mark: EpisodeMark, before: EpisodeMark | undefined): unknown[] {
  const told = { ...mark, number: mark.number - (before?.number ?? 0), at: mark.at - (before?.at ?? 0) }
  if (mark.first !== undefined) told.first = mark.first - mark.at
  if (mark.lost !== undefined) told.lost = mark.lost - mark.at
  return FIELDS.map((name) => told[name] ?? null)
}

function markOf(values: readonly unknown[], before: EpisodeMark | undefined): EpisodeMark {
  const told = Object.fromEntries(FIELDS.map((name, n) => [name, values[n]]).filter(([, value]) => value !== null))
  const at = Number(told.at) + (before?.at ?? 0)
  const mark = { ...told, number: Number(told.number) + (before?.number ?? 0), at } as EpisodeMark
  if (mark.first !== undefined) mark.first += at
  if (mark.lost !== undefined) mark.lost += at
  return mark
}

/** Rows as columns, and back: what is alike stands together, which packs better. */
const turned = (rows: readonly (readonly unknown[])[]): unknown[][] =>
  (rows[0] ?? []).map((_, n) => rows.map((row) => row[n]))

/** The seasons of a request as its row has them: text, or where that would be very long, packed. */
export function storedSeasons(seasons: readonly SeasonState[]): string | Uint8Array {
  const json = JSON.stringify(seasons)
  if (json.length <= LONGEST_TEXT) return json
  const { deflateRawSync } = process.getBuiltinModule('node:zlib')
  const packed = seasons.map(({ episodes, ...season }): Packed => {
    if (!episodes) return season
    return { ...season, episodes: turned(episodes.map((mark, n) => valuesOf(mark, episodes[n - 1]))) }
  })
  return deflateRawSync(JSON.stringify(packed))
}

function unpacked(stored: Uint8Array): Packed[] {
  const { inflateRawSync } = process.getBuiltinModule('node:zlib')
  let json: string
  try {
    json = inflateRawSync(stored).toString()
  } catch (error) {
    throw new Fault('storage_corrupt', 'The table holds seasons that cannot be unpacked.', error)
  }
  return fromJson(json)
}

/** Reads them. Throws `storage_corrupt` for what no version writes. */
export function seasonsFrom({ season_state: stored }: Row): SeasonState[] {
  if (typeof stored === 'string') return fromJson(stored)
  if (!(stored instanceof Uint8Array)) throw damaged('a request without its seasons')
  return unpacked(stored).map(({ episodes, ...season }) => {
    if (!episodes) return season
    const marks: EpisodeMark[] = []
    for (const values of turned(episodes)) marks.push(markOf(values, marks.at(-1)))
    return { ...season, episodes: marks }
  })
}
