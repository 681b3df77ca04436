import { bodyOf, type OwnServer, ownServer } from './own-server.ts'

/** What one standard parameter may hold (Systems Manager user guide, parameter tiers). */
const MOST_BYTES = 4_096

/** As much of SSM as the functions need: signed GetParameter of one SecureString. Throws when the value is too long. */
export async function startStandInSsm(name: string, value: string): Promise<OwnServer> {
  if (Buffer.byteLength(value) > MOST_BYTES) throw new Error(`${name}: a parameter holds ${MOST_BYTES} bytes at most`)
  return ownServer(async (req, res) => {
    const sent = await bodyOf(req)
    const fail = (type: string) => res.writeHead(400).end(JSON.stringify({ __type: type }))
    if (!req.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return void fail('AccessDeniedException')
    const asked: unknown = JSON.parse(sent.toString())
    const askedName = asked !== null && typeof asked === 'object' && 'Name' in asked ? asked.Name : undefined
    if (askedName !== name) return void fail('ParameterNotFound')
    res.end(JSON.stringify({ Parameter: { Name: name, Type: 'SecureString', Value: value } }))
  })
}
