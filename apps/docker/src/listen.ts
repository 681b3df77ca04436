import { createServer, type RequestListener, type Server } from 'node:http'
import { BadSetting } from '@stellarr/http/settings'

/**
 * Opens the port: on `host`, or on every address (`::`, falling back to `0.0.0.0`). Throws `BadSetting` when it is
 * taken or not ours to open.
 */
export async function listen(app: RequestListener, port: number, host: string | undefined): Promise<Server> {
  try {
    return await open(app, port, host ?? '::')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (host === undefined && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) return listen(app, port, '0.0.0.0')
    if (code === 'EADDRINUSE') throw new BadSetting(`PORT: expected a free port; ${port} is taken by another program.`)
    if (code === 'EACCES') throw new BadSetting(`PORT: expected a port that may be opened; ${port} needs more rights.`)
    throw new BadSetting(`HOST: expected an address of this machine (${String(code)}).`)
  }
}

function open(app: RequestListener, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(app)
    // Longer than the usual idle time of a proxy, so that it never reuses a connection we are closing.
    server.keepAliveTimeout = 75_000
    server.once('error', reject)
    server.listen({ port, host }, () => resolve(server))
  })
}

/** How often connections whose answer has ended meanwhile are closed. */
const IDLE_CHECK_MS = 50

/**
 * Stops taking connections, lets running answers end, and cuts what is left after `graceMs`. Kept-alive connections
 * are told to close with their next answer, else a busy client would hold the server until the cut.
 */
export function closeGently(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    server.prependListener('request', (_req, res) => res.setHeader('Connection', 'close'))
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(cut)
      resolve()
    })
  })
}
