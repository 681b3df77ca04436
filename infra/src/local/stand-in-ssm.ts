import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What one standard parameter may hold (Systems Manager user guide, parameter tiers). */
const MOST_BYTES = 4_096

/** As much of SSM as the functions need: signed GetParameter of one SecureString. Throws when the value is too long. */
export async function startStandInSsm(name: string, value: string) {
  if (Buffer.byteLength(value) > MOST_BYTES) throw new Error(`${name}: a parameter holds ${MOST_BYTES} bytes at most`)
  const server = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    const fail = (type: string) => res.writeHead(400).end(JSON.stringify({ __type: type }))
    if (!req.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return void fail('AccessDeniedException')
    const asked: unknown = JSON.parse(Buffer.concat(parts).toString())
    const askedName = asked !== null && typeof asked === 'object' && 'Name' in asked ? asked.Name : undefined
    if (askedName !== name) return void fail('ParameterNotFound')
    res.end(JSON.stringify({ Parameter: { Name: name, Type: 'SecureString', Value: value } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
