import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type Asked, runViewerRequest } from './cdn-function.ts'
import type { Behaviour, Cdn } from './cdn-template.ts'
import { cdnHeaders, type FunctionRequest } from './function-url.ts'
import { bodyOf } from './own-server.ts'

/** An answer on its way from an origin to a viewer; names of headers in lower case. */
export interface CdnAnswer {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
}

export interface Origins {
  /** Asks a bucket for a path; what it answers to a signed GET. */
  bucket(name: string, path: string, headers: Record<string, string>): Promise<CdnAnswer>
  /** Calls a function through its URL. */
  functionUrl(id: string, request: FunctionRequest): Promise<CdnAnswer>
}

interface Kept {
  answer: CdnAnswer
  /** Epoch ms. */
  freshUntil: number
}

/**
 * Statuses whose answers are kept for the distribution's time whatever caching a behaviour has, and of those the ones that
 * their headers can keep out (developer guide, "Control how long CloudFront caches errors").
 */
const KEPT_ERRORS = [404, 410, 414, 500, 501, 502, 503, 504]
const KEPT_UNLESS_TOLD = [404, 410, 414, 501]
/** How long, where the distribution says nothing, ms. */
const ERROR_MS = 10_000
const SMALLEST_COMPRESSED = 1_000
const COMPRESSED_TYPES = /^(text\/|image\/svg\+xml|application\/(javascript|json|manifest\+json|xml|x-javascript))/
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']

/** CloudFront's patterns: `*` stands for any characters, `?` for one; case counts. */
export function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/^\/?/, '/')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return pattern === '*' || new RegExp(`^${source}$`, 's').test(path)
}

const isHead = (method: string) => method === 'HEAD'
const errorPage = (status: number, detail: string): CdnAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from(`<html><title>ERROR: The request could not be satisfied</title><h1>${status}</h1>${detail}</html>`),
})

/** The viewer's headers that an origin request policy lets through, with what CloudFront adds. */
function forwardedHeaders(req: IncomingMessage, behaviour: Behaviour, viewer: string): Record<string, string[]> {
  const given: Record<string, string[]> = {}
  for (const [name, values] of Object.entries(req.headersDistinct)) {
    const dropped = HOP_BY_HOP.includes(name) || name === 'host' || (name === 'cookie' && !behaviour.request.cookies)
    if (!dropped && values) given[name] = values
  }
  const added = {
    via: ['1.1 local.cloudfront.net (CloudFront)'],
    'x-amz-cf-id': [randomBytes(16).toString('base64url')],
  }
  if (behaviour.request.headers === 'all-but-host') return { ...cdnHeaders(given, viewer), ...added }
  return { 'x-forwarded-for': [viewer], 'user-agent': ['Amazon CloudFront'], ...added }
}

/** How long an answer may be used again, ms; undefined when it may not be kept at all. */
function keepingTime({ status, headers }: CdnAnswer, { cache }: Behaviour, errorMs: number): number | undefined {
  const control = String(headers['cache-control'] ?? '')
  const isKeptOut = KEPT_UNLESS_TOLD.includes(status) && /no-store|no-cache|private/.test(control)
  if (KEPT_ERRORS.includes(status)) return errorMs > 0 && !isKeptOut ? errorMs : undefined
  if (cache.maxTtl === 0 || status !== 200) return undefined
  if (/no-store|private/.test(control)) return cache.minTtl > 0 ? cache.minTtl * 1000 : undefined
  if (/no-cache/.test(control)) return cache.minTtl * 1000
  const asked = /(?:s-maxage|max-age)=(\d+)/.exec(control)?.[1]
  const seconds = asked === undefined ? cache.defaultTtl : Number(asked)
  return Math.min(Math.max(seconds, cache.minTtl), cache.maxTtl) * 1000
}

/** What the viewer gets: security headers, compression, 304 for what it has. */
function finished(req: IncomingMessage, behaviour: Behaviour, from: CdnAnswer): CdnAnswer {
  const headers = { ...from.headers }
  let { status, body } = from
  for (const [name, { value, override }] of Object.entries(behaviour.responseHeaders)) {
    if (override || headers[name] === undefined) headers[name] = value
  }
  const accepts = /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''))
  const isText = COMPRESSED_TYPES.test(String(headers['content-type'] ?? ''))
  if (behaviour.compress && behaviour.cache.compresses && isText && body.length >= SMALLEST_COMPRESSED) {
    headers.vary = 'accept-encoding'
    if (accepts && headers['content-encoding'] === undefined && status === 200) {
      body = gzipSync(body)
      headers['content-encoding'] = 'gzip'
      if (typeof headers.etag === 'string') headers.etag = headers.etag.replace(/^(W\/)?/, 'W/')
    }
  }
  const weak = (tag: unknown) => String(tag).replace(/^W\//, '')
  const has = req.headers['if-none-match']
  if (status === 200 && has !== undefined && headers.etag !== undefined && weak(has) === weak(headers.etag)) {
    status = 304
    body = Buffer.alloc(0)
  }
  delete headers['content-length']
  // Both ways or neither (developer guide, "Cache content based on cookies").
  if (!behaviour.request.cookies) delete headers['set-cookie']
  return { status, headers, body }
}

/**
 * A CDN on this machine: the behaviours of a synthesized template, applied as CloudFront's developer guide says.
 * @param ask the origins
 */
export function createCdn(cdn: Cdn, ask: Origins): RequestListener {
  const kept = new Map<string, Kept>()

  async function fromOrigin(request: Asked, behaviour: Behaviour, headers: Record<string, string[]>) {
    const { method, path, query, body } = request
    const { origin } = behaviour
    if (origin.kind === 'function') {
      const url = behaviour.request.query && query !== '' ? `${path}?${query}` : path
      const added = Object.entries(origin.headers).map(([name, value]) => [name, [value]])
      const sent = { ...headers, ...Object.fromEntries(added) }
      return ask.functionUrl(origin.functionId, { method, url, headers: sent, body })
    }
    const answer = await ask.bucket(origin.bucket, path, first(headers))
    return answer.status === 404 && !origin.mayList ? errorPage(403, 'Access Denied') : answer
  }

  async function answer(req: IncomingMessage, body: Buffer): Promise<CdnAnswer> {
    const method = req.method ?? 'GET'
    const [path = '/', ...rest] = (req.url ?? '/').split('?')
    const behaviour = cdn.behaviours.find(({ pattern }) => matches(pattern, path))
    if (!behaviour) return errorPage(404, 'No behaviour.')
    if (!behaviour.methods.includes(method)) return errorPage(403, 'This method is not allowed.')
    if (method === 'GET' && body.length > 0) return errorPage(403, 'A GET request must not include a body.')
    const viewer = req.socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
    let request: Asked = { method, path, query: rest.join('?'), body }
    if (behaviour.viewerRequest !== undefined) request = runViewerRequest(behaviour.viewerRequest, request)
    const headers = forwardedHeaders(req, behaviour, viewer)
    const isKept = method === 'GET' || isHead(method)
    const key = createHash('sha256').update(`${behaviour.pattern} ${request.path}`).digest('hex')
    const known = isKept ? kept.get(key) : undefined
    if (known && known.freshUntil > Date.now()) return finished(req, behaviour, known.answer)
    const tag = known?.answer.headers.etag
    const condition: Record<string, string[]> = typeof tag === 'string' ? { 'if-none-match': [tag] } : {}
    // A head is asked for as a whole where it may be kept, as CloudFront does for cached behaviours.
    const asked = isHead(method) && behaviour.cache.maxTtl > 0 ? { ...request, method: 'GET' } : request
    const fresh = await fromOrigin(asked, behaviour, { ...headers, ...condition })
    const answered = fresh.status === 304 && known ? known.answer : fresh
    const time = isKept ? keepingTime(answered, behaviour, cdn.errorMs(answered.status) ?? ERROR_MS) : undefined
    if (time === undefined) kept.delete(key)
    else kept.set(key, { answer: answered, freshUntil: Date.now() + time })
    return finished(req, behaviour, answered)
  }

  return async (req, res) => {
    const sent = await answer(req, await bodyOf(req)).catch((error: unknown) => errorPage(502, String(error)))
    for (const [name, value] of Object.entries(sent.headers)) res.setHeader(name, value)
    if (!isHead(req.method ?? '') && sent.status !== 304) res.setHeader('content-length', sent.body.length)
    res.writeHead(sent.status).end(isHead(req.method ?? '') ? undefined : sent.body)
  }
}

const first = (headers: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.join(', ')]))
