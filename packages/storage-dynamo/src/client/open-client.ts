import type { Logger } from '@stellarr/core'
import { type Credentials, credentialsFromEnvironment, type SignedClient, signedClient } from './signed-client.ts'
import type { Transport } from './transport.ts'

/** How a service of AWS is reached. */
export interface ServiceOptions {
  /** `AWS_REGION` or us-east-1 when absent. */
  region?: string | undefined
  /** Where a local engine listens; AWS when absent. */
  endpoint?: string | undefined
  /** Read for every call; AWS's variables in the environment when absent. */
  credentials?: (() => Credentials) | undefined
  /** When the present answer must be out (a Lambda's end), epoch ms. */
  deadline?: (() => number | undefined) | undefined
  transport?: Transport | undefined
  logger?: Logger | undefined
}

const regionOf = ({ region }: ServiceOptions) => region ?? process.env.AWS_REGION ?? 'us-east-1'

/** The client of a service, which opens no socket until its first call. */
export function openClient(options: ServiceOptions): SignedClient {
  const { credentials = credentialsFromEnvironment } = options
  return signedClient({ ...options, region: regionOf(options), credentials })
}

/** Where a region's service is (AWS General Reference, service endpoints). */
export function hostOf(service: 'dynamodb' | 's3', options: ServiceOptions): string {
  const region = regionOf(options)
  return `${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}

/** The address of DynamoDB. */
export function dynamoAddress(options: ServiceOptions): URL {
  return new URL(options.endpoint ?? `https://${hostOf('dynamodb', options)}/`)
}
