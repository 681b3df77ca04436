import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { openDynamoStorage } from '@stellarr/storage-dynamo'
import { createTable } from '@stellarr/storage-dynamo/table'
import { inject } from 'vitest'
import { functionUrlEvent, ORIGIN_SECRET, sendFunctionUrlAnswer } from '../../function-url.ts'
import { type Instance, spawnInstance } from '../../spawn-lambda.ts'
import { startStandInS3 } from '../../stand-in-s3.ts'
import type { DeploymentKind, Start } from '../deployment.ts'

/** Instances at once; each answers one event at a time, as on AWS. */
const MAX_INSTANCES = 3

/** Hands events to free instances, starting more while all are busy. */
function instancePool(start: () => Instance) {
  const all: Instance[] = []
  const free: Instance[] = []
  const waiting: ((instance: Instance) => void)[] = []

  function take(): Instance | Promise<Instance> {
    const idle = free.pop()
    if (idle) return idle
    if (all.length >= MAX_INSTANCES) return new Promise((resolve) => waiting.push(resolve))
    const made = start()
    all.push(made)
    return made
  }

  return {
    async invoke(event: unknown) {
      const instance = await take()
      try {
        return await instance.invoke(event)
      } finally {
        const next = waiting.shift()
        if (next) next(instance)
        else free.push(instance)
      }
    },
    output: () => all.map((instance) => instance.output()).join(''),
    stop: () => Promise.all(all.map((instance) => instance.stop())),
  }
}

/** The store's id as the deployment keeps it: from the table that the first start made. */
async function storeIdOf(dataDir: string, table: string): Promise<string> {
  const file = join(dataDir, 'store-id')
  if (!existsSync(file)) {
    const storage = openDynamoStorage({
      table,
      region: 'eu-central-1',
      endpoint: inject('dynamodbEndpoint'),
      clock: { now: () => Date.now() },
    })
    writeFileSync(file, await storage.identity.storeId())
    await storage.close()
  }
  return readFileSync(file, 'utf8')
}

const start: Start = async (env) => {
  const dataDir = env.DATA_DIR ?? ''
  const table = env.DYNAMODB_TABLE ?? basename(dataDir)
  await createTable({ table, region: 'eu-central-1', endpoint: inject('dynamodbEndpoint') })
  const s3 = await startStandInS3()
  const front = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    const viewer = req.socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
    const answer = await pool.invoke(functionUrlEvent(req, Buffer.concat(parts), viewer)).catch(() => undefined)
    if (answer === undefined) res.writeHead(502, { 'content-type': 'application/json' }).end('{"message":null}')
    else sendFunctionUrlAnswer(res, answer as Parameters<typeof sendFunctionUrlAnswer>[1])
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
  const settings = {
    ...env,
    BASE_URL: env.BASE_URL ?? url,
    ORIGIN_VERIFY_SECRET: ORIGIN_SECRET,
    DYNAMODB_TABLE: table,
    DYNAMODB_ENDPOINT: inject('dynamodbEndpoint'),
    STORE_ID: await storeIdOf(dataDir, table),
    TRENDING_S3_BUCKET: 'trending',
    S3_ENDPOINT: s3.url,
  }
  const pool = instancePool(() => spawnInstance(inject('functions').api, settings))
  const daily = spawnInstance(inject('functions').refreshTrending, settings)
  // The schedule's first run, as after a deploy.
  daily.invoke({}).catch(() => undefined)
  return {
    url,
    log: () => pool.output() + daily.output(),
    async stop() {
      await Promise.all([pool.stop(), daily.stop()])
      await s3.close()
      front.close()
      front.closeAllConnections()
    },
  }
}

/**
 * Both built functions, unpacked, over DynamoDB's local engine and a stand-in for S3, behind a front that does what
 * CloudFront and a Function URL do.
 */
export const lambda: DeploymentKind = {
  start,
  otherStore: (dataDir) => ({ DYNAMODB_TABLE: `${basename(dataDir)}-another` }),
  servesSite: false,
}
