import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FakeTmdb } from '@stellarr/gateways/testing'
import { chromium } from 'playwright-core'
import { radarrMessage } from '../../test/http/arr-messages.ts'
import { ADMIN, call, signIn, WEBHOOK_TOKENS } from '../../test/http/deployment.ts'
import { openTarget } from '../house.ts'
import { type Line, type Run, STORES, type StoreName } from '../line.ts'
import { chromiumPath } from '../needs.ts'

/** Markup that runs something where a text is taken for markup. */
const VECTORS = [
  '<script>HIT</script>',
  '<img src=x onerror=HIT>',
  '<svg onload=HIT>',
  '"><svg/onload=HIT>',
  `'><img src=x onerror=HIT>`,
  '<iframe srcdoc="<script>parent.HIT</script>">',
  '<a href="javascript:HIT">x</a>',
  '{{constructor.constructor("HIT")()}}',
  `\${HIT}`,
  '</title><script>HIT</script>',
  '<math><mtext><style><img src onerror=HIT>',
  '<details open ontoggle=HIT>',
  '<body onload=HIT>',
  '&lt;script&gt;HIT&lt;/script&gt;',
  '\u2028<script>HIT</script>',
  '<style>@import "//evil.example"</style>',
  '<link rel=stylesheet href=//evil.example>',
  '<base href=//evil.example>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
].map((vector) => vector.replace('HIT', 'window.__hit=1'))

const FIRST = 300_000

/** Gives the catalog a movie of each vector, and requests it. */
async function fill(url: string, tmdb: FakeTmdb, vectors: readonly string[]): Promise<void> {
  const token = await signIn(url, 'Ann')
  for (const [n, vector] of vectors.entries()) {
    const id = FIRST + n
    const text = { id, title: vector, original_title: vector, overview: vector, release_date: '2001-01-01' }
    tmdb.titles.set(`movie/${id}`, {
      ...text,
      poster_path: `/${vector}`,
      external_ids: { imdb_id: `tt${5_000_000 + id}` },
    })
    await call(url, '/api/request', { token, json: { media_type: 'movie', tmdb_id: id } })
    const message = radarrMessage('Download', id, { instanceName: vector, applicationUrl: `http://x/${vector}` })
    await call(url, '/webhook/radarr', { headers: { 'x-api-key': WEBHOOK_TOKENS.radarr }, json: message })
    await call(url, '/webhook/radarr', {
      headers: { 'x-api-key': `wrong ${n}`, 'user-agent': `Radarr/${n}` },
      json: message,
    })
  }
}

/** Nothing of what others wrote runs, and no page calls a foreign host. @param run.tries vectors */
async function injected(run: Run): Promise<string> {
  const target = await openTarget('sqlite', run)
  const vectors = VECTORS.slice(0, run.tries)
  await fill(target.url, target.tmdb, vectors)
  const path = chromiumPath()
  const browser = await chromium.launch({ ...(path && { executablePath: path }), args: ['--no-sandbox'] })
  const page = await browser.newPage()
  const hosts = new Set<string>()
  let dialogs = 0
  page.on('request', (request) => hosts.add(new URL(request.url()).hostname))
  page.on('dialog', (dialog) => {
    dialogs += 1
    void dialog.dismiss()
  })
  const session = JSON.stringify({ token: await signIn(target.url, 'Op', ADMIN), name: 'Op', role: 'admin' })
  await page.goto(`${target.url}/favicon.svg`)
  await page.evaluate(`localStorage.setItem('stellarr.session', ${JSON.stringify(session)})`)
  const paths = [
    ...['/', '/requests', '/search', '/activity', '/feeds', '/webhooks', '/operator', '/settings', '/about'],
    ...vectors.flatMap((vector, n) => [`/title/movie/${FIRST + n}`, `/search?q=${encodeURIComponent(vector)}`]),
    ...vectors.map((vector) => `/?to=${encodeURIComponent(vector)}`),
  ]
  for (const one of paths) {
    await page.goto(target.url + one, { waitUntil: 'networkidle' })
    const isHit = await page.evaluate('"__hit" in window')
    run.tally.note(!isHit && dialogs === 0, `${one} ran what was not ours`)
    run.say(one)
  }
  await browser.close()
  await target.close()
  const allowed = new Set([new URL(target.url).hostname, 'image.tmdb.org'])
  const foreign = [...hosts].filter((host) => host !== '' && !allowed.has(host))
  run.tally.note(foreign.length === 0, `pages called ${foreign.join(', ')}`)
  return `${vectors.length} vectors, ${paths.length} pages`
}

/** No page of another site frames ours, reads an answer or has something done. */
async function framing(store: StoreName, run: Run): Promise<undefined> {
  const { url, close } = await openTarget(store, run)
  const token = await signIn(url)
  const origins = ['https://evil.example', 'null', `${url}.evil.example`, url.replace('http', 'https')]
  for (const path of ['/', '/requests', '/api/health', '/api/requests', '/list/radarr', '/nothing', '/sw.js']) {
    for (const origin of origins) {
      const { headers } = await fetch(url + path, { headers: { origin, authorization: `Bearer ${token}` } })
      const allowed = [...headers.keys()].filter((name) => name.startsWith('access-control-'))
      run.tally.note(allowed.length === 0, `${path} tells ${origin} ${allowed.join(', ')}`)
      const isFrameless = headers.get('content-security-policy')?.includes("frame-ancestors 'none'") === true
      run.tally.note(isFrameless, `${path} may be framed`)
    }
  }
  // What a form of another site can send without asking.
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const answer = await fetch(`${url}/api/request`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${token}` },
      body: '{"media_type":"movie","tmdb_id":603}',
    })
    run.tally.note(answer.status === 415, `${type} answered ${answer.status}`)
  }
  await close()
  return undefined
}

/** Every package that is installed is the one that was chosen: it has a hash of 512 bits. */
async function supplyChain({ tally }: Run): Promise<string> {
  const lock = readFileSync(join(import.meta.dirname, '../../pnpm-lock.yaml'), 'utf8')
  const entries = [...lock.matchAll(/^ {2}'?(@?[^\s':]+@[^\s':(]+)[^\n]*:\n {4}resolution: (.*)$/gm)]
  for (const [, name = '', resolution = ''] of entries) {
    tally.note(/integrity: sha512-[\w+/=]{86,}/.test(resolution), `${name}: ${resolution}`)
  }
  return `${entries.length} packages`
}

export const pageLines: readonly Line[] = [
  {
    name: 'injected',
    title: 'markup in titles, names and messages, in Chromium',
    store: 'sqlite',
    tries: { whole: VECTORS.length, short: 4 },
    needs: ['chromium'],
    run: injected,
  },
  ...STORES.map((store) => ({
    name: 'framing',
    title: 'other sites that frame ours, read it or send it forms',
    store,
    tries: { whole: 1, short: 1 },
    run: (run: Run) => framing(store, run),
  })),
  {
    name: 'supply-chain',
    title: 'packages without a hash',
    store: 'sqlite',
    tries: { whole: 1, short: 1 },
    run: supplyChain,
  },
]
