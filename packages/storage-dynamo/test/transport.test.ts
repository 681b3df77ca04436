import { createServer, type Server } from 'node:http'
import { createServer as createSocketServer, type Socket, type Server as SocketServer } from 'node:net'
import { aMovieRequest, fixedClock } from '@stellarr/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeTransport } from '../src/index.ts'
import { startEngine } from '../src/testing/index.ts'

const servers: (Server | SocketServer)[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  }
})

async function listening(server: Server | SocketServer): Promise<URL> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`http://127.0.0.1:${address.port}/`)
}

/** A server that answers and counts its connections. */
function counting(): { server: Server; sockets: Set<Socket> } {
  const sockets = new Set<Socket>()
  const server = createServer((_, response) => response.end('hello'))
  server.on('connection', (socket) => sockets.add(socket))
  return { server, sockets }
}

const get = (url: URL, timeoutMs = 2_000) => ({ method: 'GET', url, headers: {}, timeoutMs })

describe('the transport', () => {
  it('keeps its sockets', async () => {
    const { server, sockets } = counting()
    const url = await listening(server)
    const transport = nodeTransport()
    for (let n = 0; n < 3; n += 1) expect((await transport.send(get(url))).body).toBe('hello')
    expect(sockets.size).toBe(1)
    transport.close()
  })

  it('uses none that has been idle for as long as a Lambda sleeps', async () => {
    const { server, sockets } = counting()
    const url = await listening(server)
    let now = 0
    const transport = nodeTransport(() => now)
    await transport.send(get(url))
    now += 20_001
    await transport.send(get(url))
    expect(sockets.size).toBe(2)
    transport.close()
  })

  it('rejects with a code what is cut off, refused or silent', async () => {
    const cutOff = await listening(
      createSocketServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Items":[]'))
      }),
    )
    const silent = await listening(createSocketServer(() => undefined))
    const gone = new URL(cutOff)
    gone.port = '1'
    const transport = nodeTransport()
    await expect(transport.send(get(cutOff))).rejects.toMatchObject({ code: 'ECONNRESET' })
    await expect(transport.send(get(gone))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(transport.send(get(silent, 100))).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    transport.close()
  })
})

describe('a Lambda that wakes with dead sockets', () => {
  it('succeeds at its next call, however many there are', async () => {
    const engine = await startEngine()
    const upstream = new URL(engine.endpoint)
    const kept = new Set<Socket>()
    // Passes everything on to the engine, and forgets all its connections at once when told.
    const { connect } = await import('node:net')
    const between = createSocketServer((socket) => {
      kept.add(socket)
      const onward = connect(Number(upstream.port), upstream.hostname)
      socket.pipe(onward).pipe(socket)
      for (const end of [socket, onward]) end.on('error', () => undefined)
      socket.on('close', () => kept.delete(socket))
    })
    const endpoint = (await listening(between)).href
    const table = await engine.freshTable()
    const store = await engine.openStorage(fixedClock(), { table, endpoint })
    await Promise.all(Array.from({ length: 20 }, (_, n) => store.requests.add(aMovieRequest({ tmdbId: n + 1 }))))
    expect(kept.size).toBeGreaterThan(10)
    for (const how of ['reset', 'closed'] as const) {
      for (const socket of kept) {
        if (how === 'reset') socket.resetAndDestroy()
        else socket.end()
      }
      // At once: the client has had no turn to notice.
      expect(await store.requests.list({})).toHaveLength(20)
      await Promise.all(Array.from({ length: 20 }, () => store.requests.list({})))
    }
    await store.close()
    await engine.stop()
  })
})
