import { startEngine } from '@stellarr/storage-dynamo/testing'
import type { TestProject } from 'vitest/node'
import { unpack } from '../../spawn-lambda.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    dynamodbEndpoint: string
    /** Folders of the unpacked functions. */
    functions: { api: string; refreshTrending: string }
  }
}

/** Starts one DynamoDB engine for all files and unpacks the built functions once. */
export default async function setup(project: TestProject) {
  const [api, refreshTrending] = [unpack('api'), unpack('refresh-trending')]
  const engine = await startEngine()
  project.provide('dynamodbEndpoint', engine.endpoint)
  project.provide('functions', { api: api.folder, refreshTrending: refreshTrending.folder })
  return async () => {
    await engine.stop()
    api.remove()
    refreshTrending.remove()
  }
}
