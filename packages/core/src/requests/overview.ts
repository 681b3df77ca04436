import { breathe, keptByRevision, type Revision } from '../base/index.ts'
import { keyText, type TitleKey } from '../titles/index.ts'
import type { MediaRequest } from './media-request.ts'
import type { MediaRequestRepository } from './ports.ts'
import { outlineOf, type RequestOutline } from './rules/outlines.ts'
import { comparePlaces, newestFirst, titleOrder } from './rules/paging.ts'

/** Rows that are looked at before others have their turn. */
const SLICE = 5_000
/** Keys that one read names: beyond some more, a store reads all of its rows instead. */
const KEYS_A_READ = 250

/** All requests at a glance. */
export interface Overview {
  /** Newest first, withdrawn ones too. */
  rows: readonly RequestOutline[]
  /** The same by their titles. */
  byTitle(): Promise<readonly RequestOutline[]>
  /** The whole rows of these, in their order; those that are no longer there are left out. */
  find(keys: readonly TitleKey[]): Promise<MediaRequest[]>
}

/**
 * Holds all requests in outline for as long as the revision stands still; whole while they are few. So a page of them, a
 * count and a look at all cost no reading of all of them each time, however many there are.
 */
export function requestOverview(deps: {
  requests: Pick<MediaRequestRepository, 'exportAll' | 'outlines' | 'findMany'>
  revision: Revision
}) {
  async function findMany(keys: readonly TitleKey[]): Promise<MediaRequest[]> {
    const rows: MediaRequest[] = []
    for (let from = 0; from < keys.length; from += KEYS_A_READ) {
      rows.push(...(await deps.requests.findMany(keys.slice(from, from + KEYS_A_READ))))
    }
    return rows
  }

  async function read(): Promise<Overview> {
    const first = await deps.requests.exportAll()
    let cursor = first.cursor
    const isWhole = cursor === undefined
    const rows: RequestOutline[] = isWhole ? [...first.rows] : first.rows.map(outlineOf)
    while (cursor !== undefined) {
      await breathe()
      const page = await deps.requests.outlines(cursor)
      for (const row of page.rows) rows.push(row)
      cursor = page.cursor
    }
    rows.sort(newestFirst)
    const whole = isWhole ? new Map(first.rows.map((row) => [keyText(row), row])) : undefined
    let byTitle: Promise<readonly RequestOutline[]> | undefined
    return {
      rows,
      byTitle() {
        byTitle ??= inOrderOfTitles(rows)
        return byTitle
      },
      find: async (keys) => (whole ? keys.flatMap((key) => whole.get(keyText(key)) ?? []) : findMany(keys)),
    }
  }

  const at = keptByRevision(read)
  return {
    /** As it stands now. @param revision where it has been read already */
    now: async (revision?: number): Promise<Overview> => at(revision ?? (await deps.revision.current())),
  }
}

export type RequestOverview = ReturnType<typeof requestOverview>

async function inOrderOfTitles(rows: readonly RequestOutline[]): Promise<readonly RequestOutline[]> {
  const compare = comparePlaces('title')
  const placed: { row: RequestOutline; mediaType: TitleKey['mediaType']; tmdbId: number; value: string }[] = []
  for (const row of rows) {
    if (placed.length % SLICE === SLICE - 1) await breathe()
    placed.push({ row, mediaType: row.mediaType, tmdbId: row.tmdbId, value: titleOrder(row.title) })
  }
  await breathe()
  return placed.sort(compare).map(({ row }) => row)
}

/** Goes over all rows, and lets others have their turn in between. */
export async function eachInSlices<Row>(rows: readonly Row[], visit: (row: Row) => void): Promise<void> {
  let seen = 0
  for (const row of rows) {
    visit(row)
    seen += 1
    if (seen % SLICE === 0) await breathe()
  }
}
