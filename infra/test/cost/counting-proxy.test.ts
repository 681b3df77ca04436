import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CountingProxy, startCountingProxy } from '../../src/cost/counting-proxy.ts'

/** What the service behind it answers next, and what it was asked. */
let answers: { status?: number; body: string; afterMs?: number }[] = []
let asked: string[] = []
const service = createServer(async (req, res) => {
  let body = ''
  for await (const part of req) body += String(part)
  asked.push(body)
  const { status = 200, body: answer, afterMs = 0 } = answers.shift() ?? { body: '{}' }
  setTimeout(() => res.writeHead(status).end(answer), afterMs)
})
let proxy: CountingProxy
beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  proxy = await startCountingProxy(`http://127.0.0.1:${(service.address() as AddressInfo).port}`)
})
beforeEach(() => {
  asked = []
  answers = []
  proxy.take()
})
afterAll(async () => {
  await proxy.close()
  service.close()
})

const dynamo = (operation: string, body: object = {}) =>
  fetch(proxy.url, {
    method: 'POST',
    headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(body),
  })
const consumed = (units: number) => ({ TableName: 'stellarr', CapacityUnits: units })

describe('the counting proxy', () => {
  it('adds up what a known set of calls consumed', async () => {
    answers = [
      { body: JSON.stringify({ Items: [], ConsumedCapacity: consumed(6.5) }) },
      { body: JSON.stringify({ ConsumedCapacity: consumed(3) }) },
      { body: JSON.stringify({ Responses: {}, ConsumedCapacity: [consumed(2), consumed(1)] }) },
    ]
    await dynamo('Query', { TableName: 'stellarr' })
    await dynamo('UpdateItem')
    await dynamo('BatchGetItem')
    const { readUnits, writeUnits, calls, steps } = proxy.take()
    expect({ readUnits, writeUnits, calls, steps }).toEqual({ readUnits: 9.5, writeUnits: 3, calls: 3, steps: 3 })
    expect(JSON.parse(asked[0] ?? '')).toEqual({ TableName: 'stellarr', ReturnConsumedCapacity: 'TOTAL' })
    expect(proxy.take()).toMatchObject({ calls: 0, readUnits: 0, bytesSent: 0 })
  })

  it('counts a write whose condition failed', async () => {
    const refusal = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' }
    answers = [{ status: 400, body: JSON.stringify(refusal) }]
    const answer = await dynamo('PutItem')
    expect([answer.status, await answer.json()]).toEqual([400, refusal])
    expect(proxy.take()).toMatchObject({ writeUnits: 1, readUnits: 0 })
  })

  it('counts no units for a refusal that costs none', async () => {
    answers = [{ status: 400, body: '{"__type":"ProvisionedThroughputExceededException"}' }]
    await dynamo('PutItem')
    expect(proxy.take()).toMatchObject({ calls: 1, writeUnits: 0 })
  })

  it('takes calls that were under way together for one step', async () => {
    const slow = { body: JSON.stringify({ ConsumedCapacity: consumed(1) }), afterMs: 50 }
    answers = [slow, slow, slow]
    await Promise.all([dynamo('GetItem'), dynamo('GetItem')])
    await dynamo('GetItem')
    expect(proxy.take()).toMatchObject({ calls: 3, steps: 2 })
  })

  it('passes other services on as they are, and counts their bytes', async () => {
    answers = [{ body: 'twelve bytes' }]
    const answer = await fetch(`${proxy.url}/bucket/key?x=1`, { method: 'PUT', body: 'five!' })
    expect(await answer.text()).toBe('twelve bytes')
    expect(asked).toEqual(['five!'])
    expect(proxy.take()).toMatchObject({ calls: 1, bytesSent: 5, bytesReceived: 12, readUnits: 0, writeUnits: 0 })
  })

  it('says so when an engine does not tell what was consumed', async () => {
    answers = [{ body: '{"Items":[]}' }]
    const answer = await dynamo('Query')
    expect([answer.status, await answer.text()]).toEqual([502, 'Error: this engine does not tell what Query consumed'])
  })
})
