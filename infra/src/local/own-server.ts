import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface OwnServer {
  url: string
  /** Ends it with all its connections. */
  close(): Promise<void>
}

/** Opens a server of this machine's own, on a free port unless one is named. Rejects when the port is in use. */
export async function ownServer(answer: RequestListener, { host = '127.0.0.1', port = 0 } = {}): Promise<OwnServer> {
  const server = createServer(answer)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A whole body. */
export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part)
  return Buffer.concat(parts)
}
