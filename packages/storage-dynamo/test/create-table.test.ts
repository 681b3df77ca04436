import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { aMovieRequest, faultOf, fixedClock } from '@stellarr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isTableMissing } from '../src/client/failures.ts'
import { createTable } from '../src/create-table.ts'
import { TABLE_DEFINITION } from '../src/table/definition.ts'
import { awsError, type Engine, faultyTransport, putItem, startEngine } from '../src/testing/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

let tables = 0
const newName = () => {
  tables += 1
  return `created-${process.pid}-${Date.now()}-${tables}`
}

describe('making the table', () => {
  it('makes it once with its store id, and changes nothing when run again or by two at once', async () => {
    const table = newName()
    const [first, second] = await Promise.all([createTable({ ...engine, table }), createTable({ ...engine, table })])
    expect(first.storeId).toBe(second.storeId)
    expect(await createTable({ ...engine, table })).toEqual({ made: false, storeId: first.storeId })
    const store = await engine.openStorage(fixedClock(), { table })
    expect(await store.identity.storeId()).toBe(first.storeId)
    expect([await store.requests.list({}), await store.revision.current()]).toEqual([[], 0])
    await store.close()
  })

  it('asks for the keys, on-demand billing and TTL of the definition', async () => {
    const transport = faultyTransport(() => undefined)
    await createTable({ ...engine, table: newName(), transport })
    const bodyOf = (operation: string) =>
      JSON.parse(transport.calls.find((call) => call.operation === operation)?.request.body ?? '{}')
    expect(bodyOf('CreateTable')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'media_type', KeyType: 'HASH' },
        { AttributeName: 'tmdb_id', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'media_type', AttributeType: 'S' },
        { AttributeName: 'tmdb_id', AttributeType: 'N' },
      ],
    })
    expect(bodyOf('UpdateTimeToLive').TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true })
    expect(TABLE_DEFINITION.ttlAttribute).toBe('ttl')
  })

  it('leaves another program’s table alone', async () => {
    const transport = faultyTransport(({ operation }) =>
      operation === 'DescribeTable'
        ? {
            kind: 'answer',
            status: 200,
            body: JSON.stringify({
              Table: { TableStatus: 'ACTIVE', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
            }),
          }
        : undefined,
    )
    expect(await faultOf(createTable({ ...engine, table: newName(), transport }))).toBe('wrong_store')
    expect(transport.calls.map((call) => call.operation)).toEqual(['DescribeTable'])
  })

  it('waits while it is being made, and tells what is refused', async () => {
    const waiting = faultyTransport(({ operation, number }) =>
      operation === 'DescribeTable' && number === 3
        ? { kind: 'answer', status: 200, body: JSON.stringify({ Table: { TableStatus: 'CREATING' } }) }
        : undefined,
    )
    expect((await createTable({ ...engine, table: newName(), transport: waiting })).made).toBe(true)
    for (const type of ['AccessDeniedException', 'ExpiredTokenException']) {
      const transport = faultyTransport(() => awsError(type))
      expect(await faultOf(createTable({ ...engine, table: newName(), transport }))).toBe('storage_unavailable')
    }
  })
})

it('a table that a deployment made gets its id from the first who asks, of any number at once', async () => {
  const clock = fixedClock()
  const table = await engine.freshTable()
  const stores = await Promise.all(Array.from({ length: 20 }, () => engine.openStorage(clock, { table })))
  expect(new Set(await Promise.all(stores.map((store) => store.identity.storeId()))).size).toBe(1)
  await Promise.all(stores.map((store) => store.close()))
})

describe('a table', () => {
  const key = (media_type: string) => ({ media_type: { S: media_type }, tmdb_id: { N: '0' } })
  const earlier = { ...key('STORE'), store_id: { S: 'the-id-of-an-earlier-version' } }
  const open = (table: string) => engine.openStorage(fixedClock(), { table })

  it('is new from the command that makes it until somebody says that it is meant', async () => {
    const table = newName()
    await createTable({ ...engine, table })
    const store = await open(table)
    await store.requests.add(aMovieRequest())
    expect(await store.identity.isNew()).toBe(true)
    await createTable({ ...engine, table })
    await store.identity.confirmNew()
    await createTable({ ...engine, table })
    expect(await store.identity.isNew()).toBe(false)
    await store.close()
  })

  it('of an earlier version is new when nothing was ever written into it, and stays so', async () => {
    const table = await engine.freshTable()
    await putItem(engine, table, earlier)
    const store = await open(table)
    expect(await store.identity.isNew()).toBe(true)
    await store.requests.add(aMovieRequest())
    expect([await store.identity.isNew(), await store.identity.storeId()]).toEqual([true, earlier.store_id.S])
    await store.identity.confirmNew()
    expect(await store.identity.isNew()).toBe(false)
    await store.close()
  })

  it('of an earlier version that was used is not new, of any number who ask at once', async () => {
    const table = await engine.freshTable()
    await putItem(engine, table, earlier)
    await putItem(engine, table, { ...key('REVISION'), revision: { N: '7' } })
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(table)))
    const answers = await Promise.all(stores.map((store) => store.identity.isNew()))
    expect(new Set(answers)).toEqual(new Set([false]))
    for (const store of stores) await store.close()
  })

  it('whose first row was written before anybody asked for its id is new', async () => {
    const table = await engine.freshTable()
    const store = await open(table)
    await store.requests.add(aMovieRequest())
    expect(await store.identity.isNew()).toBe(true)
    await store.close()
  })

  it('that says something else than yes or no is damaged', async () => {
    const table = await engine.freshTable()
    await putItem(engine, table, { ...earlier, is_new: { S: 'yes' } })
    const store = await open(table)
    expect(await faultOf(store.identity.isNew())).toBe('storage_corrupt')
    await store.close()
  })
})

it('a table that is not there is a fault that says how to make it', async () => {
  const store = await engine.openStorage(fixedClock(), { table: newName() })
  const error = await store.requests.list({}).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'storage_unavailable', message: expect.stringContaining('dynamodb:create') })
  expect([isTableMissing(error), isTableMissing(new Error('another'))]).toEqual([true, false])
  await store.close()
})

it('is made in a region that somebody named: the command guesses none', () => {
  const script = join(import.meta.dirname, '../../../scripts/dynamodb-create.mjs')
  // Empty ones are not read from a .env file either.
  const env = {
    PATH: process.env.PATH,
    DYNAMODB_TABLE: 'abc',
    DYNAMODB_ENDPOINT: '',
    AWS_REGION: '',
    AWS_DEFAULT_REGION: '',
  }
  const { status, stderr } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' })
  expect([status, stderr]).toEqual([1, 'AWS_REGION is not set: name the region that the table is to be made in.\n'])
})
