// The bench's baseline of a cold start: Express behind serverless-http with one route, which asks DynamoDB once.
import { AwsV4Signer } from 'aws4fetch'
import express from 'express'
import serverless from 'serverless-http'

const { DYNAMODB_ENDPOINT, DYNAMODB_TABLE, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env

async function query() {
  const body = JSON.stringify({
    TableName: DYNAMODB_TABLE,
    ConsistentRead: true,
    KeyConditionExpression: '#type = :type',
    ExpressionAttributeNames: { '#type': 'media_type' },
    ExpressionAttributeValues: { ':type': { S: 'movie' } },
  })
  const signer = new AwsV4Signer({
    method: 'POST',
    url: DYNAMODB_ENDPOINT,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.Query' },
    body,
    service: 'dynamodb',
    region: AWS_REGION,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
  })
  const { headers } = await signer.sign()
  return new Promise((resolve, reject) => {
    const { request } = process.getBuiltinModule('node:http')
    const req = request(DYNAMODB_ENDPOINT, { method: 'POST', headers: Object.fromEntries(headers) }, (res) => {
      const parts = []
      res.on('data', (part) => parts.push(part))
      res.on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString()).Items))
    })
    req.on('error', reject)
    req.end(body)
  })
}

const app = express()
app.get('/list/radarr', async (_req, res) => {
  res.json((await query()).map((row) => ({ title: row.title.S })))
})
export const handler = serverless(app)
