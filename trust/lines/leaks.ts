import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ROUTES } from '../../packages/http/src/routes/index.ts'
import { ADMIN, call, FEED_TOKEN, SYNC_TOKEN, signIn, WEBHOOK_TOKENS } from '../../test/http/deployment.ts'
import { openTarget } from '../house.ts'
import type { Line, Run, StoreName } from '../line.ts'

/** Addresses of push services that are none: of this machine, this network, other schemes, other hosts dressed up. */
function endpoints(port: number): string[] {
  const hosts = [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `[::1]:${port}`,
    `0.0.0.0:${port}`,
    `0:${port}`,
    `2130706433:${port}`,
    `0x7f000001:${port}`,
    `0177.0.0.1:${port}`,
    `127.1:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `[::ffff:7f00:1]:${port}`,
    '10.0.0.1',
    '192.168.0.1',
    '172.16.0.1',
    '169.254.169.254',
    '[fd00::1]',
    '[fe80::1]',
    'metadata.google.internal',
    'nas.local',
    'router',
    `localtest.me:${port}`,
    `127.0.0.1.nip.io:${port}`,
    'fcm.googleapis.com.evil.example',
    'evil.example/fcm.googleapis.com',
    `fcm.googleapis.com@127.0.0.1:${port}`,
    `fcm.googleapis.com%40127.0.0.1:${port}`,
    `fcm.googleapis.com:${port}`,
    'fcm.googleapis.com.:443',
    'FCM.GOOGLEAPIS.COM.EVIL.EXAMPLE',
    'xfcm.googleapis.com',
    'fcm-googleapis.com',
    `fcm.googleapis.com\\@127.0.0.1:${port}`,
    '１２７.０.０.１',
    'ｆcm.googleapis.com.evil.example',
    'xn--fcm.googleapis.com.evil.example',
    '0xA9FEA9FE',
    '025177524776',
  ]
  return [
    ...hosts.flatMap((host) => [`https://${host}/x`, `http://${host}/x`]),
    `file:///etc/passwd`,
    `gopher://127.0.0.1:${port}/x`,
    `ftp://127.0.0.1/x`,
    `unix:/var/run/docker.sock`,
    'data:text/plain,x',
    'javascript:1',
    '//127.0.0.1/x',
    'https://',
    'https:///x',
    'http:/127.0.0.1',
  ]
}

/** Nobody makes the server call where it has no business. */
async function ssrf(store: StoreName, run: Run): Promise<string> {
  let connections = 0
  const trap = createServer((_req, res) => res.end()).listen(0)
  trap.on('connection', () => {
    connections += 1
  })
  const { port } = trap.address() as AddressInfo
  const target = await openTarget(store, run)
  const token = await signIn(target.url)
  const keys = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) }
  for (const endpoint of endpoints(port)) {
    const before = connections
    const asked = await call(target.url, '/api/push/subscribe', { token, json: { endpoint, keys } })
    const tried = await call(target.url, '/api/push/test', { token, json: { endpoint } })
    const isRefused = asked.status === 422 && tried.status !== 200
    run.tally.note(
      isRefused && connections === before,
      `${endpoint}: ${asked.status}, ${tried.status}, ${connections - before} connections`,
    )
  }
  await target.close()
  trap.close()
  return `${connections} connections`
}

/** Secrets that would be seen anywhere, in a household where much goes wrong. */
async function canaries(store: StoreName, run: Run): Promise<undefined> {
  const canary = (name: string) => `canary-${name}-${randomBytes(12).toString('hex')}`
  const secrets = {
    APP_SECRET_KEY: canary('app'),
    FEED_TOKEN,
    SYNC_TOKEN,
    PLEX_WEBHOOK_TOKEN: WEBHOOK_TOKENS.plex,
    TMDB_API_KEY: canary('tmdb').slice(0, 32),
    TVDB_API_KEY: canary('tvdb'),
    LOG_LEVEL: 'debug',
  }
  const hidden = [...Object.entries(secrets).flatMap(([name, value]) => (name === 'LOG_LEVEL' ? [] : [value])), ADMIN]
  const target = await openTarget(store, run, secrets)
  const admin = await signIn(target.url, 'Op', ADMIN)
  for (const mode of ['ok', '401', 'html', 'truncated', 'wrong_types', 'down'] as const) {
    target.tmdb.mode(mode)
    for (const route of ROUTES) {
      const path = route.path.replace('{type}', 'movie').replace(/\{\w+\}/g, '603')
      // Tokens in the query, as some clients send them, and wrong ones that look like the right ones.
      for (const query of ['', `?token=${FEED_TOKEN}`, `?apikey=${FEED_TOKEN}x&query=matrix`]) {
        const answer = await fetch(target.url + path + query, {
          method: route.method.toUpperCase(),
          redirect: 'manual',
          headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
          ...(route.method !== 'get' && { body: JSON.stringify({ password: ADMIN }) }),
        })
        const text = await answer.text()
        // The admin reads the tokens of lists and webhooks on two pages.
        const isShown = /^\/api\/(admin\/)?(feeds|webhooks)/.test(route.path)
        const found = isShown
          ? []
          : hidden.filter((secret) => text.includes(secret) || JSON.stringify([...answer.headers]).includes(secret))
        run.tally.note(
          found.length === 0 && !/\n\s+at /.test(text),
          `${route.path} (${mode}) holds ${found.join(', ') || 'a stack'}`,
        )
      }
    }
  }
  const inLog = [...hidden, admin].filter((secret) => target.log().includes(secret))
  run.tally.note(inLog.length === 0, `the log holds ${inLog.join(', ')}`)
  await target.close()
  return undefined
}

const both = (
  line: Omit<Line, 'store' | 'run'>,
  run: (store: StoreName, run: Run) => Promise<string | undefined>,
): Line[] => (['sqlite', 'dynamodb'] as const).map((store) => ({ ...line, store, run: (one) => run(store, one) }))

export const leakLines: readonly Line[] = [
  ...both({ name: 'ssrf', title: 'push services that lie inside, or are none', tries: { whole: 1, short: 1 } }, ssrf),
  ...both(
    { name: 'canaries', title: 'secrets in answers, errors and the debug log', tries: { whole: 1, short: 1 } },
    canaries,
  ),
]
