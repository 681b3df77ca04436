import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalAws, startLocalAws, unpack } from '@stellarr/infra/local'
import { type Engine, startEngine } from '@stellarr/storage-dynamo/testing'
import { DEFAULTS } from '../infra/src/deployment.ts'
import { synthesize } from '../infra/src/synth.ts'

/** What the lines about AWS share. */
export interface AwsGround {
  engine: Engine
  /** Lets the engine stand still, or go on. */
  freeze(isFrozen: boolean): void
  /** The built API, unpacked. */
  api: string
  /** Starts the whole deployment over a table, a fresh one unless one is named. */
  start(settings: Record<string, string>, table?: string): Promise<LocalAws & { table: string }>
  stop(): Promise<void>
}

/** Starts the DynamoDB engine, unpacks the built functions and reads the template. */
export async function awsGround(): Promise<AwsGround> {
  const outdir = mkdtempSync(join(tmpdir(), 'stellarr-trust-cdk-'))
  const functions = [unpack('api'), unpack('refresh-trending')] as const
  const engine = await startEngine()
  const { main: template } = await synthesize(
    { ...DEFAULTS, account: '111111111111', region: engine.region },
    { outdir },
  )
  return {
    engine,
    freeze: (isFrozen) => engine.signal?.(isFrozen ? 'SIGSTOP' : 'SIGCONT'),
    api: functions[0].folder,
    async start(settings, table) {
      const name = table ?? (await engine.freshTable({ ttl: true }))
      const storage = await engine.openStorage({ now: Date.now }, { table: name })
      const STORE_ID = await storage.identity.storeId()
      await storage.close()
      const aws = await startLocalAws({
        template: JSON.parse(JSON.stringify(template)),
        settings: { STORE_ID, ...settings },
        functions: { api: functions[0].folder, refreshTrending: functions[1].folder },
        table: name,
        dynamodbEndpoint: engine.endpoint,
        siteDir: join(import.meta.dirname, '../apps/web/dist'),
        host: '127.0.0.1',
        port: 0,
      })
      return { ...aws, table: name }
    },
    async stop() {
      await engine.stop()
      for (const one of functions) one.remove()
      rmSync(outdir, { recursive: true, force: true })
    },
  }
}
