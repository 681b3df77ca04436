import type { Agent as HttpAgent, RequestOptions } from 'node:http'

export interface TransportRequest {
  method: string
  url: URL
  headers: Record<string, string>
  body?: string | undefined
  /** How long this attempt may take, ms. */
  timeoutMs: number
}

export interface TransportAnswer {
  status: number
  /** Names in lower case. */
  headers: Record<string, string | undefined>
  body: string
}

/** Sends one signed request once. Rejects with an error that has a `code` (or a cause that has) when no answer came. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportAnswer>
  /** Lets all sockets go. */
  close(): void
}

/** A Lambda that slept finds its sockets dead, some without any sign of it: after this they are not used again. */
const IDLE_SOCKET_MS = 20_000
const MAX_SOCKETS = 32

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/**
 * Node's own client with sockets that are kept. `fetch` would cost a cold start three times as much, and so would an
 * ESM import of `node:http`, whose lazy exports it would all load; `getBuiltinModule` gives the module alone, and only
 * the one that the first call needs. For one kind of address, http or https.
 */
export function nodeTransport(now: () => number = Date.now): Transport {
  let agent: HttpAgent | undefined
  let lastUsed = now()

  /** Gives up the sockets that wait for a call; those with a call under way go on. */
  function dropIdle(): void {
    for (const sockets of Object.values(agent?.freeSockets ?? {})) {
      for (const socket of sockets ?? []) socket.destroy()
    }
  }

  function attempt({ method, url, headers, body, timeoutMs }: TransportRequest): Promise<TransportAnswer> {
    const secure = url.protocol === 'https:'
    const client = secure ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http')
    if (now() - lastUsed > IDLE_SOCKET_MS) dropIdle()
    lastUsed = now()
    agent ??= new client.Agent({ keepAlive: true, maxSockets: MAX_SOCKETS })
    const options: RequestOptions = { method, agent, headers }
    if (body !== undefined) options.headers = { ...headers, 'content-length': String(Buffer.byteLength(body)) }
    return new Promise((resolve, reject) => {
      const request = client.request(url, options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', (error) => settle(() => reject(error)))
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const length = response.headers['content-length']
          if (method !== 'HEAD' && length !== undefined && Number(length) !== bytes.length) {
            return settle(() => reject(failure('ECONNRESET', 'the answer was cut off')))
          }
          const answered: Record<string, string | undefined> = {}
          for (const [name, value] of Object.entries(response.headers)) {
            answered[name] = Array.isArray(value) ? value.join(', ') : value
          }
          lastUsed = now()
          settle(() => resolve({ status: response.statusCode ?? 0, headers: answered, body: bytes.toString() }))
        })
      })
      const timer = setTimeout(() => {
        settle(() => reject(failure('ETIMEDOUT', 'no answer in time')))
        request.destroy()
      }, timeoutMs)
      let settled = false
      function settle(outcome: () => void): void {
        if (settled) return
        settled = true
        clearTimeout(timer)
        outcome()
      }
      request.on('error', (error) => {
        // Where one kept socket is dead the others are too: the next attempt gets a new one.
        if (request.reusedSocket) dropIdle()
        settle(() => reject(error))
      })
      request.end(body)
    })
  }

  return { send: attempt, close: () => agent?.destroy() }
}
