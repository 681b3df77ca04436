import type { Credentials } from '@stellarr/storage-dynamo'
import type { Environment } from './address.ts'
import { Stop } from './stop.ts'

/** Fresh ones are asked for when less than this is left of those in use: before, AWS's provider gives the same again. */
const RENEW_MS = 5 * 60_000

/**
 * Credentials for DynamoDB: AWS's variables, else (profiles, SSO, roles) what its tools on this machine would use. A
 * local engine takes any, but some there must be.
 * @returns a function that always has them at hand, renewed as they run out; undefined for those of the environment
 */
export async function findCredentials(env: Environment): Promise<(() => Credentials) | undefined> {
  if (env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) return undefined
  if (env.DYNAMODB_ENDPOINT) return () => ({ accessKeyId: 'local', secretAccessKey: 'local' })
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers')
  const provide = fromNodeProviderChain()
  let current = await provide().catch((error: unknown) => {
    throw new Stop(`No AWS credentials were found: ${error instanceof Error ? error.message : String(error)}`)
  })
  let isRenewing = false
  async function renew(): Promise<void> {
    isRenewing = true
    try {
      current = await provide()
    } catch {
      // Those in use are good for some minutes more; the next call tries again.
    } finally {
      isRenewing = false
    }
  }
  return () => {
    const left = (current.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()
    if (left < RENEW_MS && !isRenewing) void renew()
    const { accessKeyId, secretAccessKey, sessionToken } = current
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
  }
}
