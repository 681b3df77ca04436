import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { cacheControlOf, contentTypeOf } from '@stellarr/http/site-files'
import { type Aws, endpointOf } from './aws.ts'

export interface SiteFile {
  key: string
  body: Buffer
  /** As S3's ETag has it. */
  md5: string
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
      const md5 = createHash('md5').update(body).digest('hex')
      return { key: relative(siteDir, path).replaceAll('\\', '/'), body, md5 }
    })
    .sort((a, b) => rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : 1))
}

/** What to upload and what to remove. @param stored MD5 by key */
export function planSite(files: readonly SiteFile[], stored: ReadonlyMap<string, string>): SitePlan {
  const keys = new Set(files.map(({ key }) => key))
  return {
    put: files.filter(({ key, md5 }) => stored.get(key) !== md5),
    remove: [...stored.keys()].filter((key) => !keys.has(key)),
  }
}

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
    /** MD5 by key. */
    async list(): Promise<Map<string, string>> {
      const found = new Map<string, string>()
      let token: string | undefined
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }))
        for (const { Key = '', ETag = '' } of page.Contents ?? []) found.set(Key, ETag.replaceAll('"', ''))
        token = page.NextContinuationToken
      } while (token !== undefined)
      return found
    },

    /** Uploads, then removes; `done` is told the number of files uploaded. */
    async apply({ put, remove: gone }: SitePlan, done: (files: number) => void): Promise<void> {
      for (const [index, { key, body }] of put.entries()) {
        await s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: body,
            ContentType: contentTypeOf(key),
            CacheControl: cacheControlOf(key),
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
