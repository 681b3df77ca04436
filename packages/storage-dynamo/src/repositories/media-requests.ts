import {
  applyEvent,
  type Changed,
  type ExportPage,
  isListed,
  learnFacts,
  MEDIA_TYPES,
  type MediaRequest,
  type MediaRequestRepository,
  type MediaType,
  markWithdrawn,
  mergeSeasonChoice,
  normaliseTitle,
  outlineOf,
  renewRequest,
  type TitleKey,
  unlessRefused,
  withImdbId,
  withoutFollower,
  withTvdbId,
} from '@stellarr/core'
import { inParallel } from '../client/parallel.ts'
import type { Row } from '../table/attribute-values.ts'
import { changeRow, type Decision } from '../table/change-row.ts'
import { ifAbsent, type Wording } from '../table/expressions.ts'
import { type Key, placeIn, requestKey, requestPartition } from '../table/keys.ts'
import type { StateRow } from '../table/state-row.ts'
import type { TableClient } from '../table/table-client.ts'
import { fromRow, toRow } from './request-rows.ts'

const PAGE = 1_000
/** Beyond this many keys, reading all requests (a kilobyte each, in pages of a thousand) is cheaper than naming them. */
const KEYS_WORTH_NAMING = 300

/** Rows that are advanced beside each other. */
const ADVANCED_AT_ONCE = 8

const nameOf = (key: TitleKey) => `${key.mediaType}/${key.tmdbId}`

/** Movies before series, then by id: the order of the keys. */
function byKey(a: TitleKey, b: TitleKey): number {
  return MEDIA_TYPES.indexOf(a.mediaType) - MEDIA_TYPES.indexOf(b.mediaType) || a.tmdbId - b.tmdbId
}

type Rule = (request: MediaRequest) => Changed

/** Requests in DynamoDB: a row each under `movie` and `tv`, read by strongly consistent queries, never by an index. */
export function dynamoMediaRequests(table: TableClient, state: StateRow): MediaRequestRepository {
  async function all(types: readonly MediaType[], filter?: Wording): Promise<MediaRequest[]> {
    const partitions = await Promise.all(
      types.map((type) => table.query({ partition: requestPartition(type), ...(filter && { filter }) })),
    )
    return partitions.flat().map(fromRow)
  }

  /** Those that have the id, or had others lately, in the order of the keys. */
  const whereId = (name: string, value: string | number) =>
    all(MEDIA_TYPES, (e) => `${e.name(name)} = ${e.value(value)} OR attribute_exists(${e.name('former_ids')})`)

  /** What a rule makes of a row; nothing is written when the row would be the same. */
  function decide(rule: Rule, row: Row | undefined): Decision<Changed | undefined> {
    if (!row) return { result: undefined }
    const before = fromRow(row)
    const result = rule(before)
    const put = toRow(result.request)
    const same = JSON.stringify(put) === JSON.stringify(toRow(before))
    return same ? { result } : { put, result }
  }

  /** Applies a rule to the stored row; announced and counted only when the row that was read would differ. */
  async function change(key: TitleKey, rule: Rule): Promise<Changed | undefined> {
    const row = await table.get(requestKey(key))
    const first = decide(rule, row)
    if (!first.put) return first.result
    return state.change(async () => {
      let changed = false
      const again = (found: Row | undefined) => {
        const decision = decide(rule, found)
        changed = decision.put !== undefined
        return decision
      }
      const result = await changeRow(table, requestKey(key), again, { row })
      return { changed, result }
    })
  }

  async function exportAll(cursor?: string): Promise<ExportPage<MediaRequest>> {
    const [fromType = '', fromId = '0'] = cursor?.split('/') ?? []
    const rows: MediaRequest[] = []
    // `movie` comes before `tv` in the alphabet too.
    for (const type of MEDIA_TYPES.filter((one) => one >= fromType)) {
      const partition = requestPartition(type)
      let from: Key | undefined = type === fromType ? placeIn(partition, Number(fromId)) : undefined
      do {
        const page = await table.queryPage({ partition, from, limit: PAGE - rows.length })
        rows.push(...page.rows.map(fromRow))
        from = page.next
        const last = rows.at(-1)
        // A full page may have been the last: then the next one is empty.
        if (rows.length === PAGE && last) return { rows, cursor: nameOf(last) }
      } while (from)
    }
    return { rows }
  }

  return {
    add: (request) => {
      const row = toRow(request)
      return state.change(async () => {
        const { stored } = await table.put(row, ifAbsent)
        return { changed: stored, result: stored ? 'added' : 'exists' }
      })
    },

    async find(key) {
      const row = await table.get(requestKey(key))
      return row && fromRow(row)
    },

    async findMany(keys) {
      const rows =
        keys.length > KEYS_WORTH_NAMING
          ? await all(MEDIA_TYPES.filter((type) => keys.some((key) => key.mediaType === type)))
          : (await table.getMany(keys.map(requestKey))).map(fromRow)
      const found = new Map(rows.map((request) => [nameOf(request), request]))
      return [...new Set(keys.map(nameOf))].flatMap((name) => found.get(name) ?? [])
    },

    findByTvdbId: async (tvdbId) => withTvdbId(await whereId('tvdb_id', tvdbId), tvdbId),
    findByImdbId: async (imdbId) => withImdbId(await whereId('imdb_id', imdbId), imdbId)[0],

    async findByTitle(normalised, year) {
      const ofYear = await all(MEDIA_TYPES, (e) => `${e.name('year')} = ${e.value(year)}`)
      return ofYear.filter(({ title, originalTitle }) =>
        [title, originalTitle].some((one) => one !== undefined && normaliseTitle(one) === normalised),
      )
    },

    // One query: what is read in parts costs no less, and waiting for a network is everybody else's turn.
    slice: async (type) => ({ rows: await all([type]) }),

    async list({ type, status, listedOnly }) {
      const requests = await all(type === undefined ? MEDIA_TYPES : [type])
      return requests
        .filter((request) => status === undefined || request.status === status)
        .filter((request) => !listedOnly || isListed(request))
        .sort((a, b) => b.createdAt - a.createdAt || byKey(a, b))
    },

    mergeSeasons: (key, wanted, follower) => change(key, (request) => mergeSeasonChoice(request, wanted, follower)),
    unfollow: (key, name) => change(key, (request) => withoutFollower(request, name)),
    advance: (key, event) => change(key, (request) => applyEvent(request, event)),
    advanceMany: (changes) =>
      inParallel(ADVANCED_AT_ONCE, changes, async ({ key, event }) => {
        let isRefused = false
        const result = await unlessRefused(
          change(key, (request) => applyEvent(request, event)),
          () => {
            isRefused = true
          },
        )
        return isRefused ? 'refused' : result
      }),
    renew: (key, renewal) => change(key, (request) => renewRequest(request, renewal)),
    learn: (key, facts) => change(key, (request) => learnFacts(request, facts)),
    withdraw: (key, at) => change(key, (request) => markWithdrawn(request, at)),

    async remove(key) {
      const row = await table.get(requestKey(key))
      if (!row) return false
      return state.change(async () => {
        const decide = (found: Row | undefined): Decision<boolean> =>
          found ? { remove: true, result: true } : { result: false }
        const removed = await changeRow(table, requestKey(key), decide, { row })
        return { changed: removed, result: removed }
      })
    },

    exportAll,

    async outlines(cursor) {
      const page = await exportAll(cursor)
      return { ...page, rows: page.rows.map(outlineOf) }
    },
  }
}
