import { createContext, runInContext } from 'node:vm'
import * as v from 'valibot'

/** A viewer's request as a behaviour passes it on. */
export interface Asked {
  method: string
  path: string
  /** Without its question mark. */
  query: string
  body: Buffer
}

const answered = v.looseObject({ uri: v.string() })

/**
 * Runs a CloudFront function on a viewer's request (developer guide, "CloudFront Functions event structure").
 * @throws when it fails, or answers anything but a request: none of ours answers by itself
 */
export function runViewerRequest(code: string, request: Asked): Asked {
  const event = {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: '127.0.0.1' },
    request: { method: request.method, uri: request.path, querystring: {}, headers: {}, cookies: {} },
  }
  const context = createContext({ text: JSON.stringify(event) })
  const result: unknown = JSON.parse(String(runInContext(`${code};JSON.stringify(handler(JSON.parse(text)))`, context)))
  return { ...request, path: v.parse(answered, result).uri }
}
