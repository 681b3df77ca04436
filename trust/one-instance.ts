import { GOOD_SETTINGS } from '../apps/lambda/test/lambda-house.ts'
import { eventThroughCdn, type FunctionAnswer } from '../infra/src/local/function-url.ts'
import { type Instance, spawnInstance } from '../infra/src/local/instance.ts'
import { bodyOf, ownServer } from '../infra/src/local/own-server.ts'
import type { AwsGround } from './aws-ground.ts'

/** One instance of the API behind an address, which can be killed in the middle of its calls. */
export interface OneInstance {
  url: string
  /** Starts another in its place. */
  renew(): void
  /** Ends it as AWS does now and then, whatever it is doing. */
  kill(): Promise<void>
  close(): Promise<void>
}

/** Opens it over a table whose store the settings name. */
export async function oneInstance(
  ground: AwsGround,
  table: string,
  settings: Record<string, string>,
): Promise<OneInstance> {
  const storage = await ground.engine.openStorage({ now: Date.now }, { table })
  const STORE_ID = await storage.identity.storeId()
  await storage.close()
  let instance: Instance | undefined
  const server = await ownServer(async (req, res) => {
    const headers = Object.fromEntries(
      Object.entries(req.headersDistinct).map(([name, values]) => [name, values ?? []]),
    )
    const body = await bodyOf(req)
    const event = eventThroughCdn({ method: req.method ?? 'GET', url: req.url ?? '/', headers, body }, '203.0.113.7')
    try {
      if (!instance) throw new Error('there is no instance')
      const answer = (await instance.invoke(event)) as FunctionAnswer
      res.statusCode = answer.statusCode
      for (const [name, value] of Object.entries(answer.headers ?? {})) {
        if (!/^(content-length|transfer-encoding|connection)$/i.test(name)) res.setHeader(name, String(value))
      }
      res.end(Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8'))
    } catch {
      // What the caller sees of an instance that ends is a connection without an answer, or the CDN's 502.
      res.destroy()
    }
  })
  const renew = () => {
    instance = spawnInstance(ground.api, {
      ...GOOD_SETTINGS,
      ...settings,
      BASE_URL: server.url,
      DYNAMODB_TABLE: table,
      DYNAMODB_ENDPOINT: ground.engine.endpoint,
      STORE_ID,
    })
  }
  renew()
  return {
    url: server.url,
    renew,
    async kill() {
      const ending = instance
      instance = undefined
      await ending?.stop()
    },
    async close() {
      await instance?.stop()
      await server.close()
    },
  }
}
