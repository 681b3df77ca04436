import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { addMovie, radarrMessage } from '../../test/http/arr-messages.ts'
import { call, FEED_TOKEN, openLists, SYNC_TOKEN, signIn, WEBHOOK_TOKENS } from '../../test/http/deployment.ts'
import { freePort } from '../../test/spawn-app.ts'
import { kill, openHouse, openTarget, settingsOf } from '../house.ts'
import type { Line, Run, StoreName } from '../line.ts'
import { readList } from '../lists.ts'
import { openFiles, ownMemory, watchHealth } from '../process.ts'
import { head, open } from '../raw.ts'
import { must } from '../tally.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Connections that send their headers, or their bodies, a byte at a time. @param tries seconds */
async function slowLoris(run: Run): Promise<string> {
  const target = await openTarget('sqlite', run)
  const sockets: Socket[] = []
  for (let n = 0; n < 2_000; n += 1) {
    const socket = await open(target.url)
    const whole = head(target.url, 'POST /api/auth/verify', ['Content-Type: application/json', 'Content-Length: 1000'])
    socket.write(n % 2 === 0 ? whole.slice(0, 40) : whole)
    sockets.push(socket)
  }
  const dripping = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('a')
  }, 2_000)
  const times: number[] = []
  const end = Date.now() + run.tries * 1_000
  while (Date.now() < end) {
    const began = performance.now()
    await run.tally.attempt('a list', async () =>
      must((await readList(target.url)).kind === 'rows', 'the list is closed'),
    )
    times.push(performance.now() - began)
    run.say(`${sockets.filter((socket) => !socket.destroyed).length} connections open`)
    await pause(500)
  }
  clearInterval(dripping)
  for (const socket of sockets) socket.destroy()
  await target.close()
  times.sort((a, b) => a - b)
  return `lists p99 ${(times[Math.floor(times.length * 0.99)] ?? 0).toFixed(0)} ms`
}

/** Many people and machines at once. @param tries seconds */
async function load(store: StoreName, connections: number, run: Run): Promise<string> {
  const target = await openTarget(store, run)
  const { url, tmdb, child } = target
  const authorization = `Bearer ${await signIn(url)}`
  const before = child ? ownMemory(child) : 0
  const health = watchHealth(url)
  let next = 100_000
  const result = await autocannon({
    url,
    connections,
    duration: run.tries,
    timeout: 60,
    requests: [
      { path: '/list/radarr', headers: { 'x-api-key': FEED_TOKEN } },
      { path: '/radarr/api/v3/movie', headers: { 'x-api-key': FEED_TOKEN } },
      { path: '/api/library-status', headers: { authorization } },
      { path: '/api/title/movie/603', headers: { authorization } },
      {
        path: '/api/request',
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        setupRequest: (request) => {
          next += 1
          addMovie({ tmdb }, next)
          return { ...request, body: JSON.stringify({ media_type: 'movie', tmdb_id: next }) }
        },
      },
      {
        path: '/webhook/radarr',
        method: 'POST',
        headers: { 'x-api-key': WEBHOOK_TOKENS.radarr, 'content-type': 'application/json' },
        setupRequest: (request) => ({ ...request, body: JSON.stringify(radarrMessage('Download', next - 20)) }),
      },
    ],
  })
  const { p99, most, failed } = await health.stop()
  const statuses = Object.entries(result.statusCodeStats ?? {})
  const bad = statuses.filter(([status]) => Number(status) >= 500 || (status.startsWith('4') && status !== '429'))
  for (const [status, { count = 0 }] of statuses) {
    run.tally.note(!bad.some(([one]) => one === status), `${count} × ${status}`, count)
  }
  run.tally.note(result.errors === 0, `${result.errors} connections broke`)
  run.tally.note(failed === 0, `health failed ${failed} times`)
  const memory = child ? `; own memory ${before.toFixed(0)} → ${ownMemory(child).toFixed(0)} MB` : ''
  await target.close()
  const { p50, p99: slow, max } = result.latency
  return `p50 ${p50}, p99 ${slow}, most ${max} ms; health p99 ${p99.toFixed(0)}, most ${most.toFixed(0)} ms${memory}`
}

/** Large bodies one after another and at once: what they took is given back. */
async function largeBodies(run: Run): Promise<string> {
  const target = await openTarget('sqlite', run)
  const { child, url } = target
  must(child !== undefined, 'it is no process of our own')
  // As large as is taken: some 100 kB of titles below 16 MB.
  const items = Array.from({ length: 15_900 }, (_, n) => ({ tmdb_id: n + 1, title: 'x'.repeat(960) }))
  const body = JSON.stringify(items)
  const send = () =>
    fetch(`${url}/sync/library?media_type=movie&clear=true&confirm=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': SYNC_TOKEN },
      body,
    }).then(async (answer) => ({ status: answer.status, text: await answer.text() }))
  await readList(url)
  await pause(2_000)
  const before = ownMemory(child)
  const health = watchHealth(url)
  let most = 0
  const watching = setInterval(() => {
    most = Math.max(most, ownMemory(child))
  }, 100)
  const answers = await Promise.all(Array.from({ length: run.tries }, send))
  const { most: slowest } = await health.stop()
  clearInterval(watching)
  for (const { status, text } of answers)
    run.tally.note(status === 200, `a sync of 16 MB answered ${status}: ${text.slice(0, 100)}`)
  await pause(60_000)
  const after = ownMemory(child)
  run.tally.note(after <= 1.5 * before, `own memory ${before.toFixed(0)} → ${after.toFixed(0)} MB after a minute`)
  await target.close()
  return `own memory ${before.toFixed(0)} → most ${most.toFixed(0)} → ${after.toFixed(0)} MB; health at most ${slowest.toFixed(0)} ms`
}

/** Too few file descriptors for all who come. */
async function descriptors({ tries, tally, folder }: Run): Promise<undefined> {
  for (const limit of [24, 32, 48, 64].slice(0, tries)) {
    const house = await openHouse(join(folder, String(limit)))
    // Its first start is a usual one, and its store is in use.
    const first = await house.start()
    await openLists(first.url)
    await first.stop()
    const port = await freePort()
    const main = join(import.meta.dirname, '../../apps/docker/dist/main.mjs')
    const child = spawn('sh', ['-c', `ulimit -n ${limit}; exec "$0" "$1"`, process.execPath, main], {
      env: {
        PATH: process.env.PATH ?? '',
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: house.dataDir,
        ...settingsOf(house.tmdb),
      },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
    const url = `http://127.0.0.1:${port}`
    for (let n = 0; n < 200 && child.exitCode === null && !output.includes('is running'); n += 1) await pause(25)
    if (child.exitCode !== null) {
      const lines = output.split('\n').filter((line) => line.includes('cannot start'))
      tally.note(lines.length === 1 && !/\n\s+at /.test(output), `with ${limit}: ${output.slice(0, 200)}`)
      await house.close()
      continue
    }
    const idle: Socket[] = []
    for (let n = 0; n < 80; n += 1)
      await open(url).then(
        (socket) => idle.push(socket),
        () => undefined,
      )
    // Those that came first are asked over their own connections.
    const asked = ['/', '/api/health', '/list/radarr', '/api/trending', '/assets/x.js', '/api/auth/params', '/nothing']
    for (const [n, path] of asked.entries()) {
      const socket = idle[n]
      if (!socket || socket.destroyed) continue
      let text = ''
      socket.on('data', (part) => (text += part.toString('latin1')))
      socket.write(head(url, `GET ${path}`, [`X-Api-Key: ${FEED_TOKEN}`]))
      await Promise.race([once(socket, 'close'), pause(3_000)])
      const status = Number(/HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)
      tally.note(status !== 500, `with ${limit}, ${openFiles(child)} open: ${path} answered ${status}`)
      if (path === '/list/radarr' && status === 200) tally.note(text.includes('[]'), 'another list than before')
    }
    for (const socket of idle) socket.destroy()
    await pause(300)
    await tally.attempt(`with ${limit}, once they are gone`, async () =>
      must((await call(url, '/api/health')).status === 200, 'it is not healthy'),
    )
    await kill({ child })
    await house.close()
  }
  return undefined
}

export const floodLines: readonly Line[] = [
  {
    name: 'slow-loris',
    title: '2,000 connections that drip; lists meanwhile',
    store: 'sqlite',
    tries: { whole: 75, short: 5 },
    run: slowLoris,
  },
  {
    name: 'load-16',
    title: '16 at once, reading and writing',
    store: 'sqlite',
    tries: { whole: 180, short: 5 },
    run: (run) => load('sqlite', 16, run),
  },
  {
    name: 'load-200',
    title: '200 at once, reading and writing',
    store: 'sqlite',
    tries: { whole: 180, short: 5 },
    run: (run) => load('sqlite', 200, run),
  },
  {
    name: 'load-16',
    title: '16 at once, reading and writing',
    store: 'dynamodb',
    tries: { whole: 60, short: 5 },
    run: (run) => load('dynamodb', 16, run),
  },
  {
    name: 'large-bodies',
    title: 'syncs of 16 MB at once, and memory a minute later',
    store: 'sqlite',
    tries: { whole: 20, short: 5 },
    run: largeBodies,
  },
  {
    name: 'descriptors',
    title: 'too few file descriptors',
    store: 'sqlite',
    tries: { whole: 4, short: 2 },
    run: descriptors,
  },
]
