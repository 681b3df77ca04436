import { createDecipheriv, createECDH, createHash, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakePushSubscription {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

/** A stand-in for a push service, and for the browsers that it serves, on loopback: allow its host by PUSH_HOSTS. */
export interface FakePush {
  /** `127.0.0.1`. */
  host: string
  /** A new device; `endpoint` is its address here. */
  subscribe(): FakePushSubscription
  /** What devices got, in order, decrypted with their keys. `vapidKey`: the public key of the sender's valid signature. */
  received: { endpoint: string; text: string; headers: IncomingHttpHeaders; vapidKey: string | undefined }[]
  /** How it answers from now on; `silent`: not at all, `drip`: for ever. 201 at first. */
  answer(status: number | 'silent' | 'drip'): void
  close(): Promise<void>
}

/** Decrypts a body of one record (RFC 8188, RFC 8291). */
function decrypt(body: Buffer, device: ReturnType<typeof createECDH>, auth: Buffer): string {
  const salt = body.subarray(0, 16)
  const keyLength = body.readUInt8(20)
  const sender = body.subarray(21, 21 + keyLength)
  const record = body.subarray(21 + keyLength)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), device.getPublicKey(), sender])
  const secret = Buffer.from(hkdfSync('sha256', device.computeSecret(sender), auth, info, 32))
  const key = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12))
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8')
}

/** The sender's public key when its token is for us, in time and rightly signed (RFC 8292). */
function vapidKeyOf(authorization: string | undefined, origin: string): string | undefined {
  const [, header = '', claims = '', signature = '', key = ''] =
    /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization ?? '') ?? []
  const point = Buffer.from(key, 'base64url')
  if (point.length !== 65) return undefined
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) }, format: 'jwk' })
  const signed = Buffer.from(`${header}.${claims}`)
  const isSigned = verify(
    'sha256',
    signed,
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
  const isInTime = exp * 1000 > Date.now() && exp * 1000 < Date.now() + 24 * 3_600_000
  return isSigned && isInTime && aud === origin && /^(mailto:|https:)/.test(sub) ? key : undefined
}

/** Starts it on a free port of 127.0.0.1. */
export async function startFakePush(): Promise<FakePush> {
  let answer: number | 'silent' | 'drip' = 201
  const devices = new Map<string, { device: ReturnType<typeof createECDH>; auth: Buffer }>()
  let origin = ''
  const server = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    const known = devices.get(req.url ?? '')
    if (!known || req.method !== 'POST') return res.writeHead(404).end()
    fake.received.push({
      endpoint: origin + req.url,
      text: decrypt(Buffer.concat(parts), known.device, known.auth),
      headers: req.headers,
      vapidKey: vapidKeyOf(req.headers.authorization, origin),
    })
    if (answer === 'silent') return
    if (answer === 'drip') {
      const timer = setInterval(() => res.write('.'), 20)
      return res.on('close', () => clearInterval(timer))
    }
    // Whoever follows a redirect would come back here and be seen.
    res.writeHead(answer, answer >= 300 && answer < 400 ? { location: req.url ?? '/' } : {}).end('x')
  })
  const fake: FakePush = {
    host: '127.0.0.1',
    subscribe() {
      const device = createECDH('prime256v1')
      device.generateKeys()
      const auth = randomBytes(16)
      const path = `/push/${createHash('sha256').update(auth).digest('base64url')}`
      devices.set(path, { device, auth })
      const keys = { p256dh: device.getPublicKey().toString('base64url'), auth: auth.toString('base64url') }
      return { endpoint: origin + path, keys }
    },
    received: [],
    answer: (next) => {
      answer = next
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return fake
}
