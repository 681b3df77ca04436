import { connect, type Socket } from 'node:net'

/** What came back on a bare connection. */
export interface RawAnswer {
  /** Of each answer on the connection, in order; none when it was closed without one. */
  statuses: number[]
  text: string
}

const hostOf = (url: string) => new URL(url)

/** Opens a bare connection. Errors of its are no concern of anybody's. */
export function open(url: string): Promise<Socket> {
  const { hostname, port } = hostOf(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket))
    socket.once('error', reject)
    socket.on('error', () => undefined)
  })
}

/** Sends bytes as they are and reads what comes until the server closes, or for so long (ms). */
export async function sendRaw(url: string, bytes: string | Buffer, mostMs = 2_000): Promise<RawAnswer> {
  const socket = await open(url)
  let text = ''
  socket.on('data', (part) => {
    text += part.toString('latin1')
  })
  socket.write(bytes)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, mostMs)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  socket.destroy()
  return { statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)), text }
}

/** The first line and headers of a request, closing behind it. */
export const head = (url: string, line: string, headers: readonly string[] = []) =>
  [`${line} HTTP/1.1`, `Host: ${hostOf(url).host}`, 'Connection: close', ...headers, '', ''].join('\r\n')
