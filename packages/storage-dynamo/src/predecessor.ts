import { Fault, MEDIA_TYPES, type PredecessorRow } from '@stellarr/core'
import { dynamoCall } from './client/dynamo-call.ts'
import { toFault } from './client/failures.ts'
import { dynamoAddress, openClient } from './client/open-client.ts'
import type { DynamoStorageOptions } from './index.ts'
import { listIn, objectIn } from './table/answers.ts'
import { libraryPartition, requestPartition } from './table/keys.ts'
import { WRITE_ID } from './table/table-client.ts'

type Where = Omit<DynamoStorageOptions, 'clock' | 'deadline' | 'measure'>

/** The predecessor used the names of our keys and of these partitions, so its table looks much like ours. */
const PARTITIONS = MEDIA_TYPES.flatMap((mediaType) => [
  { kind: 'library' as const, mediaType, partition: libraryPartition(mediaType) },
  { kind: 'request' as const, mediaType, partition: requestPartition(mediaType) },
]).sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))

export interface PredecessorTable {
  /** All movies and series, library first, always in the same order. Throws faults; `wrong_store` for rows of our own. */
  rows(): AsyncGenerator<PredecessorRow>
  /** How many rows there are of other kinds, which stay behind: by the part of their key before `#`. Reads the whole table. */
  others(): Promise<Record<string, number>>
  close(): void
}

/** An attribute as a plain value; undefined for null and for what the predecessor has no use for. */
function plain(attribute: unknown): unknown {
  const { S, N } = objectIn(attribute)
  if (typeof S === 'string') return S
  return typeof N === 'string' ? Number(N) : undefined
}

const plainRow = (item: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(objectIn(item)).map(([name, attribute]) => [name, plain(attribute)]))

/** Calls on a table that may be another program's: what rows hold is not known. */
function reader(options: Where) {
  const client = openClient(options)
  const endpoint = dynamoAddress(options)

  /** One page; an answer that is none is asked for again, never read as empty. */
  async function pageOf(operation: 'Query' | 'Scan', parameters: object) {
    const asked = dynamoCall(endpoint, operation, { TableName: options.table, ConsistentRead: true, ...parameters })
    const result = await client.send(asked, (answer) => {
      const { Items, LastEvaluatedKey } = objectIn(JSON.parse(answer.body))
      return { rows: listIn(Items).map(plainRow), next: LastEvaluatedKey }
    })
    if (result.ok) return result.answer
    throw toFault(result.failure)
  }

  async function* pages(operation: 'Query' | 'Scan', parameters: object): AsyncGenerator<Record<string, unknown>[]> {
    let page = await pageOf(operation, parameters)
    yield page.rows
    while (page.next !== undefined) {
      page = await pageOf(operation, { ...parameters, ExclusiveStartKey: page.next })
      yield page.rows
    }
  }

  const partitionPages = (partition: string, limit?: number) =>
    pages('Query', {
      KeyConditionExpression: '#p = :p',
      ExpressionAttributeNames: { '#p': 'media_type' },
      ExpressionAttributeValues: { ':p': { S: partition } },
      ...(limit !== undefined && { Limit: limit }),
    })

  return { pages, partitionPages, close: () => client.close() }
}

/** Opens the predecessor's table to read it; nothing is ever written there. Throws nothing before the first read. */
export function openPredecessorTable(options: Where): PredecessorTable {
  const table = reader(options)
  return {
    async *rows() {
      for (const { kind, mediaType, partition } of PARTITIONS) {
        for await (const rows of table.partitionPages(partition)) {
          for (const fields of rows) {
            if (WRITE_ID in fields) {
              throw new Fault(
                'wrong_store',
                `${options.table} is a store of Stellarr itself: export it (README, "Moving house").`,
              )
            }
            yield {
              kind,
              place: `${partition} / ${String(fields.tmdb_id)}`,
              fields: { ...fields, media_type: mediaType },
            }
          }
        }
      }
    },

    async others() {
      const moved = new Set(PARTITIONS.map(({ partition }) => partition))
      const counts: Record<string, number> = {}
      const names = { ProjectionExpression: '#p', ExpressionAttributeNames: { '#p': 'media_type' } }
      for await (const rows of table.pages('Scan', names)) {
        for (const { media_type } of rows) {
          const partition = String(media_type)
          const [kind = ''] = partition.split('#')
          if (!moved.has(partition)) counts[kind] = (counts[kind] ?? 0) + 1
        }
      }
      return counts
    },

    close: table.close,
  }
}

/**
 * True for a table with movies or series that are not Stellarr's own, which must never be written to: it would lose them
 * to rows of the same keys.
 */
export async function holdsForeignRows(options: Where): Promise<boolean> {
  const table = reader(options)
  try {
    for (const { partition } of PARTITIONS) {
      const first = await table.partitionPages(partition, 1).next()
      if (first.value?.some((fields: Record<string, unknown>) => !(WRITE_ID in fields))) return true
    }
    return false
  } finally {
    table.close()
  }
}
