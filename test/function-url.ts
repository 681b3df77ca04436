import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

export const ORIGIN_SECRET = 'origin-secret-of-the-tests'

/** The address of the CDN's server that calls the function. */
const EDGE = '130.176.0.1'
const HOST = 'abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws'

/** Types whose bodies reach a function as text; all others come as base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b)/

/**
 * The event (payload format 2.0) that a function gets for a request that came through CloudFront and its Function URL.
 * @param viewer the address that CloudFront saw
 */
export function functionUrlEvent(
  req: Pick<IncomingMessage, 'method' | 'url' | 'headersDistinct'>,
  body: Buffer,
  viewer: string,
) {
  const [rawPath = '/', ...query] = (req.url ?? '/').split('?')
  const rawQueryString = query.join('?')
  const { cookie, host: _, connection: __, ...distinct } = req.headersDistinct
  const headers: Record<string, string> = {}
  for (const [name, values] of Object.entries(distinct)) headers[name] = values?.join(',') ?? ''
  headers.host = HOST
  headers['cloudfront-viewer-address'] = `${viewer}:46532`
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], viewer, EDGE].filter((hop) => hop !== undefined).join(', ')
  headers['x-forwarded-proto'] = 'https'
  headers['x-origin-verify'] = ORIGIN_SECRET
  const isText = TEXT.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined
  const asked: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    asked[name] = name in asked ? `${asked[name]},${value}` : value
  }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.flatMap((line) => line.split(/; */)) }),
    headers,
    ...(rawQueryString === '' ? {} : { queryStringParameters: asked }),
    requestContext: {
      accountId: 'anonymous',
      apiId: HOST.split('.')[0],
      domainName: HOST,
      domainPrefix: HOST.split('.')[0],
      http: {
        method: req.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: EDGE,
        userAgent: headers['user-agent'],
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date().toUTCString(),
      timeEpoch: Date.now(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

interface FunctionUrlAnswer {
  statusCode: number
  headers?: Record<string, string>
  cookies?: string[]
  body?: string
  isBase64Encoded?: boolean
}

/** Sends what a function answered, as its Function URL does. */
export function sendFunctionUrlAnswer(res: ServerResponse, answer: FunctionUrlAnswer): void {
  for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value)
  if (answer.cookies && answer.cookies.length > 0) res.setHeader('set-cookie', answer.cookies)
  res.statusCode = answer.statusCode
  res.end(Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8'))
}
