import { randomUUID } from 'node:crypto'

export const ORIGIN_SECRET = 'origin-secret-of-the-tests'

/** The address of the CDN's server that calls the function. */
const EDGE = '130.176.0.1'
const HOST = 'abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws'

/** Types whose bodies reach a function as text; all others come as base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b)/

/** A request on its way to a function. */
export interface FunctionRequest {
  method: string
  /** Path and query. */
  url: string
  /** All values of each header. */
  headers: Record<string, string[]>
  body: Buffer
}

/** The event (payload format 2.0) that a function gets for a request that came through CloudFront and its Function URL. */
export function functionUrlEvent({ method, url, headers: sent, body }: FunctionRequest) {
  const [rawPath = '/', ...query] = url.split('?')
  const rawQueryString = query.join('?')
  const { cookie, host: _, connection: __, ...distinct } = sent
  const headers: Record<string, string> = {}
  for (const [name, values] of Object.entries(distinct)) headers[name] = values.join(',')
  headers.host = HOST
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], EDGE].filter((hop) => hop !== undefined).join(', ')
  headers['x-forwarded-proto'] = 'https'
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
        method,
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

/** The headers that CloudFront adds for a viewer of this address, where all but the host's are passed on. */
export function cdnHeaders(sent: Record<string, string[]>, viewer: string): Record<string, string[]> {
  return {
    ...sent,
    'x-forwarded-for': [[...(sent['x-forwarded-for'] ?? []), viewer].join(', ')],
    'cloudfront-viewer-address': [`${viewer}:46532`],
  }
}

/** The event of a request that came through the CDN from a viewer of this address. */
export function eventThroughCdn({ headers, ...request }: FunctionRequest, viewer: string) {
  const added = { ...cdnHeaders(headers, viewer), 'x-origin-verify': [ORIGIN_SECRET] }
  return functionUrlEvent({ ...request, headers: added })
}

/** What a function answers. */
export interface FunctionAnswer {
  statusCode: number
  headers?: Record<string, string | number | boolean>
  cookies?: string[]
  body?: string
  isBase64Encoded?: boolean
}
