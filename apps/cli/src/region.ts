import type { Environment } from './address.ts'
import { Stop } from './stop.ts'

/**
 * The region of a table: AWS's variables, else what its tools on this machine would take, as a deploy does. Guessing one
 * would look for the table, and have people make it, where no deployment is.
 * @returns undefined where an engine of one's own is named: it has no regions
 * @throws Stop when there is none
 */
export async function findRegion(env: Environment): Promise<string | undefined> {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (env.DYNAMODB_ENDPOINT ? undefined : await configured())
  if (region !== undefined && !/^[a-z\d-]+$/.test(region)) {
    throw new Stop(`The region "${region}" cannot be right: one such as eu-central-1 was expected.`)
  }
  return region
}

async function configured(): Promise<string> {
  const { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } = await import(
    '@smithy/core/config'
  )
  try {
    return await loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS)()
  } catch {
    throw new Stop('No region: set AWS_REGION (the one that "npm run deploy:aws" was given), or run "aws configure".')
  }
}
