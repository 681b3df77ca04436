import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { textOf } from './answers.ts'

export interface SmallRequest {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string | Buffer
  /** From the first byte out to the last one in. */
  timeoutMs: number
  /** The most of an answer that is read; none of it where absent. */
  maxBytes?: number
}

export interface SmallAnswer {
  status: number
  /** '' but for status 200. */
  text: string
}

/** One call with a deadline. Redirects are answers like any other: nothing is called but the address given. */
export function smallRequest({ url, method, headers, body, timeoutMs, maxBytes }: SmallRequest): Promise<SmallAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? tlsRequest : plainRequest
    const req = send(url, { method, headers }, (res) => {
      const status = res.statusCode ?? 0
      if (maxBytes === undefined) {
        // The status is all that is wanted; the timer ends an answer that goes on.
        res.on('close', () => clearTimeout(timer)).on('error', () => {})
        res.resume()
        return resolve({ status, text: '' })
      }
      textOf(res, maxBytes)
        .then((text) => resolve({ status, text }), reject)
        .finally(() => clearTimeout(timer))
    })
    const timer = setTimeout(() => req.destroy(Object.assign(new Error('timeout'), { code: 'timeout' })), timeoutMs)
    timer.unref()
    req.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    req.end(body)
  })
}

/** What may be logged of a failed call: its code, since messages can hold addresses. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed'
}
