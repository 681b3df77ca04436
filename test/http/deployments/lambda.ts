import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { createTable } from '@stellarr/storage-dynamo/create-table'
import { inject } from 'vitest'
import { functionUrlEvent, ORIGIN_SECRET, sendFunctionUrlAnswer } from '../../function-url.ts'
import { type Instance, NOBODY, spawnInstance } from '../../spawn-lambda.ts'
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

/** Makes the table when there is none; answers the id of the store that the first start used, as settings keep it. */
async function storeIdOf(dataDir: string, table: string, endpoint: string): Promise<string> {
  const { storeId } = await createTable({ table, endpoint, region: 'eu-central-1', credentials: () => NOBODY })
  const kept = join(dataDir, 'store-id')
  if (!existsSync(kept)) writeFileSync(kept, storeId)
  return readFileSync(kept, 'utf8')
}

const start: Start = async (env) => {
  const dataDir = env.DATA_DIR ?? ''
  const table = env.DYNAMODB_TABLE ?? basename(dataDir)
  const endpoint = inject('dynamodbEndpoint')
  const s3 = await startStandInS3()
  const front = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    if (req.url?.startsWith('/trending-')) await firstDaily().catch(() => undefined)
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
    DYNAMODB_ENDPOINT: endpoint,
    STORE_ID: await storeIdOf(dataDir, table, endpoint),
    TRENDING_S3_BUCKET: 'trending',
    S3_ENDPOINT: s3.url,
  }
  const pool = instancePool(() => spawnInstance(inject('functions').api, settings))
  let daily: Instance | undefined
  let dailyRun: Promise<unknown> | undefined
  /** The schedule's first run, as after a deploy; put off until somebody looks at what it makes. */
  function firstDaily() {
    daily ??= spawnInstance(inject('functions').refreshTrending, settings)
    dailyRun ??= daily.invoke({})
    return dailyRun
  }
  return {
    url,
    log: () => pool.output() + (daily?.output() ?? ''),
    async stop() {
      await Promise.all([pool.stop(), daily?.stop()])
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
