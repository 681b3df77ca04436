import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** As much of S3 as the trending files need: signed PUT and GET of `/<bucket>/<key>`. */
export async function startStandInS3() {
  const objects = new Map<string, { body: string; headers: Record<string, string> }>()
  const refused = new Set<string>()
  const server = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    const key = req.url ?? ''
    if (refused.has(key)) return void res.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>')
    if (!req.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return void res.writeHead(403).end()
    if (req.method === 'PUT') {
      const { 'content-type': type = '', 'cache-control': cache = '' } = req.headers
      objects.set(key, {
        body: Buffer.concat(parts).toString(),
        headers: { 'content-type': type, 'cache-control': cache },
      })
      return void res.end()
    }
    const object = objects.get(key)
    if (object) res.writeHead(200, object.headers).end(object.body)
    else res.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    /** Refuses every call of one key from now on. */
    refuse: (key: string) => refused.add(key),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
