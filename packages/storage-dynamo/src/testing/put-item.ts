import { dynamoCall } from '../client/dynamo-call.ts'
import { signedClient } from '../client/signed-client.ts'
import type { Engine } from './engine.ts'

/** Puts an item as another program would. @param item in DynamoDB's JSON */
export async function putItem(engine: Engine, table: string, item: Record<string, object>): Promise<void> {
  const client = signedClient({ region: engine.region, credentials: engine.credentials })
  const call = dynamoCall(new URL(engine.endpoint), 'PutItem', { TableName: table, Item: item })
  const { ok } = await client.send(call, () => true)
  client.close()
  if (!ok) throw new Error('the engine took no item')
}
