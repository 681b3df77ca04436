import { type Clock, Fault } from '@stellarr/core'
import { dynamoCall } from './client/dynamo-call.ts'
import { toFault } from './client/failures.ts'
import { dynamoAddress, openClient } from './client/open-client.ts'
import { type DynamoStorageOptions, openDynamoStorage } from './index.ts'
import { objectIn } from './table/answers.ts'
import { TABLE_DEFINITION } from './table/definition.ts'

const WAITS = 240
const WAIT_MS = 250

/**
 * Makes the table with its TTL, recovery and store id, and waits until it can be used. What is there already stays as it is.
 * @param ttl false leaves TTL out: for tests whose clock stands in the past
 * @returns whether the table was made, and the store's id
 */
export async function createTable(
  options: Omit<DynamoStorageOptions, 'clock'> & { clock?: Clock; ttl?: boolean },
): Promise<{ made: boolean; storeId: string }> {
  const client = openClient(options)
  const endpoint = dynamoAddress(options)
  const { partitionKey, sortKey, billingMode, ttlAttribute, pointInTimeRecovery } = TABLE_DEFINITION

  /** A call of the control plane; undefined when it is refused for one of the expected reasons. */
  async function call(operation: string, parameters: object, expected: readonly string[] = []) {
    const result = await client.send(
      dynamoCall(endpoint, operation, { TableName: options.table, ...parameters }),
      (answer) => objectIn(JSON.parse(answer.body)),
    )
    if (result.ok) return result.answer
    if (expected.includes(result.type)) return undefined
    throw toFault(result.failure)
  }

  const describe = async () => {
    const answer = await call('DescribeTable', {}, ['ResourceNotFoundException'])
    return answer && objectIn(answer.Table)
  }

  function checkKeys(table: Record<string, unknown>): void {
    const expected = JSON.stringify([
      [partitionKey.name, 'HASH'],
      [sortKey.name, 'RANGE'],
    ])
    const schema = Array.isArray(table.KeySchema) ? table.KeySchema.map(objectIn) : []
    if (JSON.stringify(schema.map((key) => [key.AttributeName, key.KeyType])) === expected) return
    throw new Fault('wrong_store', `The table ${options.table} exists and is not Stellarr's; choose another name.`)
  }

  try {
    let table = await describe()
    const made = table === undefined
    if (made) {
      await call(
        'CreateTable',
        {
          BillingMode: billingMode,
          AttributeDefinitions: [partitionKey, sortKey].map(({ name, type }) => ({
            AttributeName: name,
            AttributeType: type,
          })),
          KeySchema: [
            { AttributeName: partitionKey.name, KeyType: 'HASH' },
            { AttributeName: sortKey.name, KeyType: 'RANGE' },
          ],
        },
        // Somebody else was quicker.
        ['ResourceInUseException'],
      )
      table = await describe()
    }
    for (let waits = 0; table?.TableStatus !== 'ACTIVE'; waits += 1) {
      if (waits === WAITS)
        throw new Fault('storage_unavailable', 'The table is still being made. Try again in a minute.')
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
      table = await describe()
    }
    checkKeys(table)
    if (options.ttl !== false) {
      const specification = { TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true } }
      // It is on already (ValidationException), or this is an engine without TTL.
      await call('UpdateTimeToLive', specification, ['ValidationException', 'UnknownOperationException'])
    }
    const recovery = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: pointInTimeRecovery } }
    await call('UpdateContinuousBackups', recovery, ['UnknownOperationException'])
    const storage = openDynamoStorage({ ...options, clock: options.clock ?? { now: Date.now } })
    try {
      return { made, storeId: await storage.identity.storeId() }
    } finally {
      await storage.close()
    }
  } finally {
    client.close()
  }
}
