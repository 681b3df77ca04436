import { createHash } from 'node:crypto'
import { bodyOf, ownServer } from './own-server.ts'

export interface StoredObject {
  body: Buffer
  headers: Record<string, string>
}

/** As much of S3 as the web app and the trending files need: signed PUT, GET and HEAD of `/<bucket>/<key>`, with ETags. */
export async function startStandInS3() {
  const objects = new Map<string, StoredObject>()
  const refused = new Set<string>()
  const server = await ownServer(async (req, res) => {
    const sent = await bodyOf(req)
    const key = decodeURI(req.url ?? '')
    const fail = (status: number, code: string) =>
      res.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)
    const isSigned = req.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')
    if (refused.has(key) || !isSigned) return void fail(403, 'AccessDenied')
    if (req.method === 'PUT') {
      const { 'content-type': type = '', 'cache-control': cache = '' } = req.headers
      objects.set(key, { body: sent, headers: { 'content-type': type, 'cache-control': cache } })
      return void res.end()
    }
    const object = objects.get(key)
    if (!object) return void fail(404, 'NoSuchKey')
    const etag = `"${createHash('md5').update(object.body).digest('hex')}"`
    const headers = { ...object.headers, etag, 'content-length': object.body.length }
    if (req.headers['if-none-match'] === etag) return void res.writeHead(304, { ...object.headers, etag }).end()
    res.writeHead(200, headers).end(req.method === 'HEAD' ? undefined : object.body)
  })
  return {
    ...server,
    objects,
    /** Refuses every call of one key from now on. */
    refuse: (key: string) => refused.add(key),
  }
}
