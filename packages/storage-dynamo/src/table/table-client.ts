import { dynamoCall } from '../client/dynamo-call.ts'
import { type Failure, toFault } from '../client/failures.ts'
import { inParallel, inRuns } from '../client/parallel.ts'
import type { SignedClient } from '../client/signed-client.ts'
import { foundIn, keyIn, objectIn, type Page, pageIn, unwrittenIn } from './answers.ts'
import { fromItem, type Row, toItem } from './attribute-values.ts'
import { expression, type Wording } from './expressions.ts'
import { type Key, keyName } from './keys.ts'

/** DynamoDB's limits of one call. */
const KEYS_A_BATCH = 100
const WRITES_A_BATCH = 25
/** Batches under way at once: enough to fill a line, few enough for a small table. */
const WIDTH = 8

/** A row that is stored has this besides: another random text with every write. */
export const WRITE_ID = 'write_id'

export type PutOutcome =
  | { stored: true }
  /** The condition did not hold; `found` is the row as it is (undefined: there is none). */
  | { stored: false; found: Row | undefined }

export interface Query {
  partition: string
  /** Only rows for which it holds come back; DynamoDB reads (and bills) the others too. */
  filter?: Wording
  from?: Key | undefined
  /** Rows read at most, before the filter. */
  limit?: number
  /** From the greatest sort key down. */
  backwards?: boolean
}

/** The operations on our one table that repositories are made of. Reads are strongly consistent. All throw faults. */
export interface TableClient {
  get(key: Key): Promise<Row | undefined>
  /** The rows that exist, in any order, a hundred keys a call. */
  getMany(keys: readonly Key[]): Promise<Row[]>
  /** Stores a whole row, on a condition if one is given. Right also when an answer got lost and the call came twice. */
  put(row: Row, condition?: Wording): Promise<PutOutcome>
  /** Stores a row whatever is there; answers the row that it took the place of. */
  replace(row: Row): Promise<Row | undefined>
  /** Deletes on a condition; false when it did not hold. */
  remove(key: Key, condition?: Wording): Promise<boolean>
  /** Changes attributes of a row, made if need be; false when the condition did not hold. */
  update(key: Key, change: Wording, condition?: Wording): Promise<boolean>
  /** The same; answers the whole row as it is then, or undefined when the condition did not hold. */
  updated(key: Key, change: Wording, condition?: Wording): Promise<Row | undefined>
  /** One page, which may be empty and yet have a next one. */
  queryPage(query: Query): Promise<Page>
  /** All rows of a partition, in the order of the sort key. */
  query(query: Query): Promise<Row[]>
  /** All rows for which the filter holds, in any order. Reads the whole table. */
  scan(filter: Wording): Promise<Row[]>
  /** Stores and deletes rows in parallel batches, without conditions and not at once. */
  write(changes: { put?: readonly Row[]; remove?: readonly Key[] }): Promise<void>
  /** When work that begins now has to end, epoch ms. */
  deadline(): number
  backOff(round: number, until: number, why: Failure): Promise<void>
  close(): void
}

const UNPROCESSED: Failure = { kind: 'throttle', type: 'Unprocessed', message: 'a batch was not done whole' }
const newWriteId = () => Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString('base64url')

/** Capacity units that a call cost; see `measure`. */
export type Measure = (operation: string, consumed: unknown) => void

/**
 * The table over a signed client.
 * @param measure asked for, each call tells what it consumed (ReturnConsumedCapacity)
 */
export function tableClient(options: {
  client: SignedClient
  table: string
  endpoint: URL
  measure?: Measure | undefined
}): TableClient {
  const { client, table, endpoint, measure } = options

  /** One operation; the body of a refusal comes back when its type is the expected one. Throws faults. */
  async function call<Answer>(
    operation: string,
    parameters: object,
    read: (answer: Record<string, unknown>) => Answer,
    settings: { expected?: string; until?: number | undefined } = {},
  ): Promise<{ answer: Answer } | { refused: unknown; retried: boolean }> {
    const asked = measure ? { ...parameters, ReturnConsumedCapacity: 'TOTAL' } : parameters
    const result = await client.send(dynamoCall(endpoint, operation, asked, settings.until), (answer) => {
      const body = objectIn(JSON.parse(answer.body))
      const value = read(body)
      measure?.(operation, body.ConsumedCapacity)
      return value
    })
    if (result.ok) return { answer: result.answer }
    if (result.type === settings.expected) return { refused: result.body, retried: result.retried }
    throw toFault(result.failure)
  }

  /** An operation that has no expected refusal. */
  async function answerOf<Answer>(
    operation: string,
    parameters: object,
    read: (answer: Record<string, unknown>) => Answer,
    until?: number,
  ): Promise<Answer> {
    const result = await call(operation, parameters, read, { until })
    if ('answer' in result) return result.answer
    throw new Error('unreachable: no refusal was expected')
  }

  const CONDITION_FAILED = 'ConditionalCheckFailedException'

  async function get(key: Key): Promise<Row | undefined> {
    const parameters = { TableName: table, Key: toItem({ ...key }), ConsistentRead: true }
    return answerOf('GetItem', parameters, ({ Item }) => (Item === undefined ? undefined : fromItem(Item)))
  }

  /** The row that a condition failed on; engines that do not tell it are asked. */
  function foundBy(refused: unknown, key: Key): Promise<Row | undefined> {
    const { Item } = objectIn(refused)
    return Item === undefined ? get(key) : Promise.resolve(fromItem(Item))
  }

  async function updateItem<Answer>(
    key: Key,
    change: Wording,
    condition: Wording | undefined,
    ReturnValues: 'NONE' | 'ALL_NEW',
    read: (body: Record<string, unknown>) => Answer,
  ): Promise<Answer | undefined> {
    const e = expression()
    const parameters = {
      TableName: table,
      Key: toItem({ ...key }),
      UpdateExpression: change(e),
      ...(condition && { ConditionExpression: condition(e) }),
      ReturnValues,
      ...e.parameters(),
    }
    const result = await call('UpdateItem', parameters, read, { expected: CONDITION_FAILED })
    return 'answer' in result ? result.answer : undefined
  }

  /**
   * Repeats a batch with what is left of it until nothing is; waits longer where a round did nothing. What is left at
   * the deadline is a fault.
   */
  async function untilDone<One>(all: readonly One[], send: (left: One[], until: number) => Promise<One[]>) {
    const until = client.deadline()
    let left = [...all]
    for (let idle = 1; ; ) {
      const still = await send(left, until)
      if (still.length === 0) return
      idle = still.length < left.length ? 1 : idle + 1
      left = still
      await client.backOff(idle, until, UNPROCESSED)
    }
  }

  async function getBatch(keys: readonly Key[]): Promise<Row[]> {
    const rows: Row[] = []
    await untilDone(keys, async (left, until) => {
      const request = { [table]: { ConsistentRead: true, Keys: left.map((key) => toItem({ ...key })) } }
      const found = await answerOf('BatchGetItem', { RequestItems: request }, (body) => foundIn(body, table), until)
      rows.push(...found.rows)
      return found.left
    })
    return rows
  }

  const writeBatch = (requests: readonly unknown[]) =>
    untilDone(requests, (left, until) =>
      answerOf('BatchWriteItem', { RequestItems: { [table]: left } }, (body) => unwrittenIn(body, table), until),
    )

  async function queryPage({ partition, filter, from, limit, backwards }: Query): Promise<Page> {
    const e = expression()
    const parameters = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: `${e.name('media_type')} = ${e.value(partition)}`,
      ...(filter && { FilterExpression: filter(e) }),
      ...(from && { ExclusiveStartKey: toItem({ ...from }) }),
      ...(limit !== undefined && { Limit: limit }),
      ...(backwards && { ScanIndexForward: false }),
      ...e.parameters(),
    }
    return answerOf('Query', parameters, pageIn)
  }

  /** Follows the pages to the end: an empty one with a next key is a page too. */
  async function everyPage(read: (from: Key | undefined) => Promise<Page>): Promise<Row[]> {
    const rows: Row[] = []
    let page = await read(undefined)
    for (;;) {
      for (const row of page.rows) rows.push(row)
      if (page.next === undefined) return rows
      page = await read(page.next)
    }
  }

  return {
    get,
    async getMany(keys) {
      const distinct = [...new Map(keys.map((key) => [keyName(key), key])).values()]
      return (await inParallel(WIDTH, inRuns(KEYS_A_BATCH, distinct), getBatch)).flat()
    },

    async put(row, condition) {
      const written = { ...row, [WRITE_ID]: newWriteId() }
      const e = expression()
      const parameters = {
        TableName: table,
        Item: toItem(written),
        ...(condition && {
          ConditionExpression: condition(e),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          ...e.parameters(),
        }),
      }
      const result = await call('PutItem', parameters, () => undefined, { expected: CONDITION_FAILED })
      if ('answer' in result) return { stored: true }
      const found = await foundBy(result.refused, keyIn(parameters.Item))
      // An attempt whose answer got lost had stored it: what the next one found is our own row.
      return found?.[WRITE_ID] === written[WRITE_ID] ? { stored: true } : { stored: false, found }
    },

    async replace(row) {
      const item = toItem({ ...row, [WRITE_ID]: newWriteId() })
      const parameters = { TableName: table, Item: item, ReturnValues: 'ALL_OLD' }
      return answerOf('PutItem', parameters, ({ Attributes }) =>
        Attributes === undefined ? undefined : fromItem(Attributes),
      )
    },

    async remove(key, condition) {
      const e = expression()
      const parameters = {
        TableName: table,
        Key: toItem({ ...key }),
        ...(condition && { ConditionExpression: condition(e), ...e.parameters() }),
      }
      const result = await call('DeleteItem', parameters, () => undefined, { expected: CONDITION_FAILED })
      if ('answer' in result) return true
      // After a lost answer a missing row is our own doing; one that is there does not fit the condition.
      return result.retried && (await get(key)) === undefined
    },

    update: async (key, change, condition) =>
      (await updateItem(key, change, condition, 'NONE', () => true)) !== undefined,
    updated: (key, change, condition) =>
      updateItem(key, change, condition, 'ALL_NEW', ({ Attributes }) => fromItem(objectIn(Attributes))),

    queryPage,
    query: (query) => everyPage((from) => queryPage({ ...query, from })),
    scan: (filter) =>
      everyPage((from) => {
        const e = expression()
        const parameters = {
          TableName: table,
          ConsistentRead: true,
          FilterExpression: filter(e),
          ...(from && { ExclusiveStartKey: toItem({ ...from }) }),
          ...e.parameters(),
        }
        return answerOf('Scan', parameters, pageIn)
      }),

    async write({ put = [], remove = [] }) {
      // One batch must not name a key twice: DynamoDB refuses it whole.
      const requests = new Map<string, unknown>()
      const writeId = newWriteId()
      for (const key of remove) requests.set(keyName(key), { DeleteRequest: { Key: toItem({ ...key }) } })
      for (const row of put) {
        const item = toItem({ ...row, [WRITE_ID]: writeId })
        requests.set(keyName(keyIn(item)), { PutRequest: { Item: item } })
      }
      await inParallel(WIDTH, inRuns(WRITES_A_BATCH, [...requests.values()]), writeBatch)
    },

    deadline: () => client.deadline(),
    backOff: (round, until, why) => client.backOff(round, until, why),
    close: () => client.close(),
  }
}
