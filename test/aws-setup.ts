import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unpack } from '@stellarr/infra/local'
import { startEngine } from '@stellarr/storage-dynamo/testing'
import type { TestProject } from 'vitest/node'
import { DEFAULTS } from '../infra/src/deployment.ts'
import { synthesize } from '../infra/src/synth.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    dynamodbEndpoint: string
    /** Folders of the unpacked functions. */
    functions: { api: string; refreshTrending: string }
    /** The main stack, as JSON. */
    template: string
  }
}

/** Starts one DynamoDB engine for all files, unpacks the built functions and synthesizes the stack once. */
export default async function setup(project: TestProject) {
  const [api, refreshTrending] = [unpack('api'), unpack('refresh-trending')]
  const engine = await startEngine()
  const outdir = mkdtempSync(join(tmpdir(), 'stellarr-cdk-'))
  const { main } = await synthesize({ ...DEFAULTS, account: '111111111111', region: engine.region }, { outdir })
  project.provide('dynamodbEndpoint', engine.endpoint)
  project.provide('functions', { api: api.folder, refreshTrending: refreshTrending.folder })
  project.provide('template', JSON.stringify(main))
  return async () => {
    await engine.stop()
    api.remove()
    refreshTrending.remove()
    rmSync(outdir, { recursive: true, force: true })
  }
}
