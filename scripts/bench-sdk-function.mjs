// Beside the bench's cold starts: the AWS SDK's document client asking DynamoDB once, and nothing else.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'

const { DYNAMODB_ENDPOINT, DYNAMODB_TABLE } = process.env
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: DYNAMODB_ENDPOINT }))

export async function handler() {
  const { Items } = await client.send(
    new QueryCommand({
      TableName: DYNAMODB_TABLE,
      ConsistentRead: true,
      KeyConditionExpression: '#type = :type',
      ExpressionAttributeNames: { '#type': 'media_type' },
      ExpressionAttributeValues: { ':type': 'movie' },
    }),
  )
  return { statusCode: 200, body: JSON.stringify(Items.map((row) => ({ title: row.title }))) }
}
