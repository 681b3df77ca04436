import type { TrendingSnapshots } from '@stellarr/core'
import { toFault } from './client/failures.ts'
import { hostOf, openClient, type ServiceOptions } from './client/open-client.ts'
import type { SignedCall } from './client/signed-client.ts'

export interface S3SnapshotsOptions extends ServiceOptions {
  bucket: string
  /** Another S3 than Amazon's; its buckets are then named in the path. */
  endpoint?: string | undefined
}

/** The files are public and change once a day. */
const CACHE = 'public, max-age=3600'

/**
 * The address of the bucket. Its name is part of the host name (S3 user guide, virtual hosting), except where that
 * cannot be: at another endpoint, and for a name with dots, which no certificate covers.
 */
function bucketAddress(options: S3SnapshotsOptions): string {
  const { bucket, endpoint } = options
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, '')}/${bucket}`
  const host = hostOf('s3', options)
  return bucket.includes('.') ? `https://${host}/${bucket}` : `https://${bucket}.${host}`
}

async function sha256Hex(body: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(body))).toString('hex')
}

/** The trending files in an S3 bucket. S3 replaces an object at once, so a reader gets the old file or the new one. */
export function s3Snapshots(options: S3SnapshotsOptions): TrendingSnapshots {
  const client = openClient(options)
  const address = bucketAddress(options)

  async function callOf(method: 'GET' | 'PUT', name: string, body?: string): Promise<SignedCall> {
    if (!/^[\w-]+(\.[\w-]+)*$/.test(name)) throw new TypeError(`S3: ${name} is no name of a file of ours.`)
    const signed = { 'x-amz-content-sha256': await sha256Hex(body ?? '') }
    const headers =
      body === undefined
        ? signed
        : { ...signed, 'content-type': 'application/json; charset=utf-8', 'cache-control': CACHE }
    return { service: 's3', method, url: new URL(`${address}/${name}`), headers, body }
  }

  return {
    async save(name, body) {
      const result = await client.send(await callOf('PUT', name, body), () => undefined)
      if (!result.ok) throw toFault(result.failure)
    },
    async load(name) {
      const result = await client.send(await callOf('GET', name), (answer) => answer.body)
      if (result.ok) return result.answer
      if (result.type === 'NoSuchKey' || result.type === 'HTTP 404') return undefined
      throw toFault(result.failure)
    },
  }
}
