import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { cacheControlOf, contentTypeOf } from '@stellarr/http/site-files'
import { OUTPUTS } from '../deployment.ts'
import { type Aws, endpointOf, type StackState } from './aws.ts'
import type { Talk } from './talk.ts'

/** What a file in a bucket is told from another one by. */
export interface StoredFile {
  /** As S3's ETag has it. */
  md5: string
  contentType: string | undefined
  cacheControl: string | undefined
}

export interface SiteFile extends StoredFile {
  key: string
  body: Buffer
}

export interface SitePlan {
  put: SiteFile[]
  remove: string[]
}

/** The files of the built web app, in an order in which no page names a file that is not there yet. */
export function siteFiles(siteDir: string): SiteFile[] {
  const rank = (key: string) => (key.startsWith('assets/') ? 0 : /^(index\.html|service-worker\.js)$/.test(key) ? 2 : 1)
  return readdirSync(siteDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const body = readFileSync(path)
      const key = relative(siteDir, path).replaceAll('\\', '/')
      const md5 = createHash('md5').update(body).digest('hex')
      return { key, body, md5, contentType: contentTypeOf(key), cacheControl: cacheControlOf(key) }
    })
    .sort((a, b) => rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : 1))
}

/** What to upload, for its content or for what it is sent with, and what to remove. @param stored what is there, by key */
export function planSite(files: readonly SiteFile[], stored: ReadonlyMap<string, StoredFile>): SitePlan {
  const keys = new Set(files.map(({ key }) => key))
  const isThere = ({ key, md5, contentType, cacheControl }: SiteFile) => {
    const known = stored.get(key)
    return known?.md5 === md5 && known.contentType === contentType && known.cacheControl === cacheControl
  }
  return {
    put: files.filter((file) => !isThere(file)),
    remove: [...stored.keys()].filter((key) => !keys.has(key)),
  }
}

/** Files that are asked about at a time: a list of S3's says nothing of what they are sent with. */
const AT_ONCE = 20

/** One bucket of the deployment. */
export function bucketOf(aws: Pick<Aws, 'region' | 'credentials'>, bucket: string) {
  const s3 = new S3Client({
    region: aws.region,
    credentials: aws.credentials,
    // Elsewhere than at Amazon's there are no hosts by the bucket's name.
    forcePathStyle: endpointOf('S3') !== undefined,
  })

  async function remove(objects: { Key: string; VersionId?: string | undefined }[]): Promise<void> {
    for (let from = 0; from < objects.length; from += 1_000) {
      const part = objects.slice(from, from + 1_000)
      const { Errors = [] } = await s3.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: part, Quiet: true } }),
      )
      if (Errors.length > 0) throw new Error(`${bucket}: ${Errors[0]?.Key} could not be deleted (${Errors[0]?.Code})`)
    }
  }

  return {
    /** What is there, by key. */
    async list(): Promise<Map<string, StoredFile>> {
      const keys: string[] = []
      let token: string | undefined
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }))
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key))
        token = page.NextContinuationToken
      } while (token !== undefined)
      const found = new Map<string, StoredFile>()
      for (let from = 0; from < keys.length; from += AT_ONCE) {
        const part = keys.slice(from, from + AT_ONCE)
        const heads = await Promise.all(part.map((Key) => s3.send(new HeadObjectCommand({ Bucket: bucket, Key }))))
        for (const [index, { ETag = '', ContentType, CacheControl }] of heads.entries()) {
          const md5 = ETag.replaceAll('"', '')
          found.set(part[index] ?? '', { md5, contentType: ContentType, cacheControl: CacheControl })
        }
      }
      return found
    },

    /** Uploads, then removes; `done` is told the number of files uploaded. */
    async apply({ put, remove: gone }: SitePlan, done: (files: number) => void): Promise<void> {
      for (const [index, { key, body, contentType, cacheControl }] of put.entries()) {
        await s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: body,
            ContentType: contentType,
            CacheControl: cacheControl,
          }),
        )
        done(index + 1)
      }
      await remove(gone.map((Key) => ({ Key })))
    },

    /** Deletes every version of everything; a bucket that is gone already is empty. */
    async empty(): Promise<void> {
      for (;;) {
        const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket })).catch((error: unknown) => {
          if (error instanceof Error && error.name === 'NoSuchBucket') return undefined
          throw error
        })
        if (!page) return
        const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
        if (all.length === 0) return
        await remove(all.map(({ Key = '', VersionId }) => ({ Key, VersionId })))
      }
    },
  }
}

/** Empties the buckets of a stack, which can be deleted then. */
export async function emptyBuckets(aws: Aws, talk: Pick<Talk, 'say'>, { outputs }: StackState): Promise<void> {
  for (const output of [OUTPUTS.webBucket, OUTPUTS.trendingBucket]) {
    const bucket = outputs[output]
    if (bucket === undefined) continue
    talk.say(`Emptying ${bucket}…`)
    await bucketOf(aws, bucket).empty()
  }
}
