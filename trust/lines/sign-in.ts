import { randomBytes } from 'node:crypto'
import { ROUTES } from '../../packages/http/src/routes/index.ts'
import { call, challenge, freshChallenge, HOUSEHOLD, signIn } from '../../test/http/deployment.ts'
import { openTarget, type Target } from '../house.ts'
import type { Line, Run, StoreName } from '../line.ts'

/** Numbers for addresses that no other try has used. */
let clients = 0
function freshAddress(): string {
  clients += 1
  return `203.0.${clients >> 8}.${clients & 255}`
}

async function verify(url: string, body: object, headers: Record<string, string> = {}): Promise<number> {
  return (await call(url, '/api/auth/verify', { json: body, headers })).status
}

const count = (statuses: readonly number[], status: number) => statuses.filter((one) => one === status).length
const wrong = (url: string) => ({ ...challenge(url, 'not-the-password', 'Ann'), hash: randomBytes(32).toString('hex') })

/** The app trusts the proxy that these tries stand for. */
const PROXY = { TRUSTED_PROXIES: '127.0.0.1/32' }

async function bruteForce({ url }: Target, { tries, tally, say }: Run): Promise<void> {
  // Headers that a proxy in front passes on as they come, and that must tell nobody apart.
  for (const name of [
    'x-real-ip',
    'x-client-ip',
    'forwarded',
    'true-client-ip',
    'cf-connecting-ip',
    'x-cluster-client-ip',
  ]) {
    const client = freshAddress()
    const statuses: number[] = []
    for (let n = 0; n < tries; n += 1) {
      statuses.push(await verify(url, wrong(url), { 'x-forwarded-for': client, [name]: `198.51.100.${n % 250}` }))
    }
    tally.note(
      count(statuses, 401) === 5 && count(statuses, 429) === tries - 5,
      `${name}: ${count(statuses, 401)} × 401`,
    )
    say(name)
  }
  const addresses: Record<string, (n: number) => string> = {
    'the /64s of one /48': (n) => `2001:db8:77:${n.toString(16)}::1`,
    'the leftmost of several': (n) => `198.51.100.${n % 250}, 203.0.113.200`,
    'mapped IPv4': (n) => (n % 2 === 0 ? '::ffff:203.0.113.201' : '203.0.113.201'),
    ports: (n) => `203.0.113.202:${1_024 + n}`,
    'IPv6 with ports': (n) => `[2001:db8:78::1]:${1_024 + n}`,
    zones: (n) => `fe80::1%eth${n % 50}`,
  }
  for (const [what, address] of Object.entries(addresses)) {
    const statuses: number[] = []
    for (let n = 0; n < tries; n += 1) statuses.push(await verify(url, wrong(url), { 'x-forwarded-for': address(n) }))
    tally.note(count(statuses, 401) === 5, `${what}: ${count(statuses, 401)} × 401`)
    say(what)
  }
}

/** Guesses that come all at once are counted as those that come one by one. @param run.tries of them */
async function guessedAtOnce({ url }: Target, { tries, tally }: Run): Promise<void> {
  const headers = { 'x-forwarded-for': freshAddress() }
  const statuses = await Promise.all(Array.from({ length: tries }, () => verify(url, wrong(url), headers)))
  for (const status of statuses) tally.note(status === 401 || status === 429, `a guess answered ${status}`)
  tally.note(count(statuses, 401) === 5, `${count(statuses, 401)} × 401`)
}

/** @param run.tries of 20 each: a challenge is good for five minutes, and each takes a second of its own */
async function rightOnes({ url }: Target, { tries, tally }: Run): Promise<void> {
  for (let round = 0; round < tries; round += 1) {
    const headers = { 'x-forwarded-for': freshAddress() }
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, n) => verify(url, freshChallenge(url, HOUSEHOLD, `P${n}`), headers)),
    )
    tally.note(
      count(statuses, 200) === 20,
      `20 right ones at once: ${count(statuses, 200)} × 200, ${count(statuses, 429)} × 429`,
    )
  }
}

async function replay({ url }: Target, { tries, tally }: Run): Promise<void> {
  const body = freshChallenge(url, HOUSEHOLD, 'Ann')
  const statuses = await Promise.all(
    Array.from({ length: tries }, () => verify(url, body, { 'x-forwarded-for': freshAddress() })),
  )
  for (const status of statuses.filter((one) => one !== 200)) tally.note(status === 401, `a replay answered ${status}`)
  tally.note(count(statuses, 200) === 1, `one challenge opened ${count(statuses, 200)} times`)
}

/** Strangers fail as often as they like: those who live here come in. */
async function strangers({ url }: Target, { tries, tally }: Run): Promise<void> {
  const home = { 'x-forwarded-for': freshAddress() }
  const first = await call(url, '/api/auth/verify', { json: freshChallenge(url, HOUSEHOLD, 'Ann'), headers: home })
  const cookie = first.headers.get('set-cookie')?.split(';')[0]
  tally.note(cookie?.startsWith('stellarr_device=') === true, 'a device is not known again')
  for (let n = 0; n < tries; n += 1) await verify(url, wrong(url), { 'x-forwarded-for': freshAddress() })
  // Also from the very address of the household.
  for (let n = 0; n < 10; n += 1) await verify(url, wrong(url), home)
  const status = await verify(url, freshChallenge(url, HOUSEHOLD, 'Ann'), { ...home, cookie: cookie ?? '' })
  tally.note(status === 200, `a device of the household answered ${status}`)
}

/** What the parts of a token say, whatever they are spelt like. */
const bytesOf = (token: string) =>
  token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('hex'))
    .join('.')

async function tokens({ url }: Target, { tally }: Run): Promise<void> {
  const token = await signIn(url)
  for (let at = 0; at < token.length; at += 1) {
    for (const bit of [0, 3]) {
      const changed = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit))
      if (!/^[\x21-\x7e]$/.test(changed)) continue
      const forged = token.slice(0, at) + changed + token.slice(at + 1)
      // The last letter of a part may have bits that say nothing: another spelling of the same token.
      if (bytesOf(forged) === bytesOf(token)) continue
      const { status, body } = await call(url, '/api/about', { token: forged })
      tally.note(
        status === 401,
        `bit ${bit} of character ${at} answered ${status}: ${JSON.stringify(body).slice(0, 60)}`,
      )
    }
  }
  for (const forged of [
    '',
    '.',
    'a.b.c',
    `${token}.`,
    `.${token}`,
    token.slice(0, -1),
    `${token}x`,
    token.split('.').reverse().join('.'),
    token.toUpperCase(),
  ]) {
    const { status } = await call(url, '/api/about', { token: forged || 'x' })
    tally.note(status === 401, `${forged.slice(0, 20)} answered ${status}`)
  }
}

/** Each credential at each operation that asks for another. */
async function wrongCredentials({ url }: Target, { tally }: Run): Promise<void> {
  const person = await signIn(url, 'Ann')
  const given: Record<string, Record<string, string>> = {
    none: {},
    person: { authorization: `Bearer ${person}` },
    nonsense: { authorization: 'Bearer x', 'x-api-key': 'x' },
    empty: { authorization: '', 'x-api-key': '' },
  }
  for (const route of ROUTES) {
    const path = route.path.replace('{type}', 'movie').replace(/\{\w+\}/g, '603')
    for (const [what, headers] of Object.entries(given)) {
      const isAllowed = route.access === 'public' || (what === 'person' && route.access === 'session')
      if (isAllowed) continue
      const sends = route.method !== 'get'
      const { status } = await call(url, path, {
        method: route.method.toUpperCase(),
        headers,
        ...(sends && { json: {} }),
      })
      tally.note([401, 403].includes(status), `${route.method} ${route.path} with ${what}: ${status}`)
    }
  }
}

async function origins({ url }: Target, { tally }: Run): Promise<void> {
  const body = freshChallenge(url, HOUSEHOLD, 'Ann')
  const { host } = new URL(url)
  const others = [
    'https://evil.example',
    `http://${host}.evil.example`,
    `http://evil.example/${host}`,
    `http://${host}@evil.example`,
    `http://evil.example#${host}`,
    `http://evil.example?${host}`,
    'null',
    '',
    'file://',
    'javascript:1',
    `HTTP://${host} `,
    `http://${host}:1`,
    'http://8.8.8.8',
    'http://[2001:db8::1]',
    `http://${host}/`,
    `http://${host}/x`,
    `//${host}`,
    host,
  ]
  for (const origin of others) {
    const status = await verify(url, { ...body, origin }, { 'x-forwarded-for': freshAddress() })
    tally.note([400, 401, 403, 422].includes(status), `${origin} answered ${status}`)
  }
}

const against =
  (work: (target: Target, run: Run) => Promise<void>, store: StoreName) =>
  async (run: Run): Promise<undefined> => {
    const target = await openTarget(store, run, store === 'sqlite' ? PROXY : {})
    await work(target, run).finally(() => target.close())
    return undefined
  }

const line = (
  store: StoreName,
  name: string,
  title: string,
  whole: number,
  short: number,
  work: (target: Target, run: Run) => Promise<void>,
): Line => ({ name, title, store, tries: { whole, short }, run: against(work, store) })

export const signInLines: readonly Line[] = [
  line('sqlite', 'brute-force', 'passwords guessed from one address under many names', 100, 20, bruteForce),
  line('sqlite', 'guessed-at-once', 'passwords guessed from one address, all at once', 100, 20, guessedAtOnce),
  line('dynamodb', 'guessed-at-once', 'passwords guessed from one address, all at once', 100, 20, guessedAtOnce),
  line('sqlite', 'right-at-once', '20 right sign-ins at once from one address', 12, 3, rightOnes),
  line('dynamodb', 'right-at-once', '20 right sign-ins at once from one address', 8, 2, rightOnes),
  line('sqlite', 'replay', 'one challenge sent many times at once', 100, 20, replay),
  line('dynamodb', 'replay', 'one challenge sent many times at once', 50, 10, replay),
  line('sqlite', 'strangers', 'strangers who fail 600 times, and a device of the household', 600, 60, strangers),
  line('sqlite', 'tokens', 'session tokens with flipped bits, cut and forged', 1, 1, tokens),
  line('dynamodb', 'tokens', 'session tokens with flipped bits, cut and forged', 1, 1, tokens),
  line('sqlite', 'credentials', 'a wrong credential at every operation', 1, 1, wrongCredentials),
  line('dynamodb', 'credentials', 'a wrong credential at every operation', 1, 1, wrongCredentials),
  line('sqlite', 'origins', 'sign-ins for origins that are not ours', 1, 1, origins),
  line('dynamodb', 'origins', 'sign-ins for origins that are not ours', 1, 1, origins),
]
