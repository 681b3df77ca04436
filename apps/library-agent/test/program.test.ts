import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TOKENS } from './run-agent.ts'
import { type Fake, fakePlex, fakeStellarr, type PlexSection, plexMovie, sendJson, sendPage } from './servers.ts'

const APPS = join(import.meta.dirname, '../..')
const PROGRAM = join(APPS, 'library-agent/dist/library-agent.mjs')

let stellarr: Awaited<ReturnType<typeof fakeStellarr>>
let plex: Fake
const section: PlexSection = { key: '1', type: 'movie', title: 'Movies', rows: {} }
beforeEach(async () => {
  section.rows = { 1: [plexMovie(1), plexMovie(2), plexMovie(3)] }
  stellarr = await fakeStellarr()
  plex = await fakePlex([section])
})
afterEach(() => Promise.all([stellarr.close(), plex.close()]))

/** Starts the built program; its output must never hold a token. */
function start(args: string[], env: Record<string, string> = {}) {
  if (!existsSync(PROGRAM)) throw new Error('Build it first: node apps/library-agent/build.mjs')
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...TOKENS, ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) =>
    child.once('close', (code) => {
      const leaked = Object.values(TOKENS).filter((token) => (out + err).includes(token))
      if (leaked.length > 0) reject(new Error(`the output holds ${leaked.join(', ')}`))
      resolve({ code, out, err })
    }),
  )
  return { child, ended, output: () => out + err }
}
const both = () => ['--plex', plex.url, '--stellarr', stellarr.url, '--libraries', 'Movies']

async function until(what: () => boolean) {
  for (let tries = 0; tries < 2_000 && !what(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  if (!what()) throw new Error(`it did not come about: ${what}`)
}

describe('the built program', () => {
  it('is one small file that imports nothing but Node’s own, beside the web app’s files', () => {
    const text = readFileSync(PROGRAM, 'utf8')
    expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true)
    expect(text.length).toBeLessThan(40_000)
    const imported = [...text.matchAll(/\bfrom\s*"([^"]+)"|\bimport\(?\s*"([^"]+)"|require\("([^"]+)"\)/g)]
    expect(imported.length).toBeGreaterThan(0)
    for (const [, ...names] of imported) expect(names.join('')).toMatch(/^node:/)
    for (const site of ['web/dist', 'docker/dist/web']) {
      expect(readFileSync(join(APPS, site, 'library-agent.mjs'), 'utf8'), site).toBe(text)
    }
  })

  it('tells how it is used', async () => {
    const help = await start(['--help']).ended
    expect([help.code, help.err]).toEqual([0, ''])
    for (const option of ['--stellarr', '--token', '--plex', '--jellyfin', '--emby', '--libraries', '--dry-run']) {
      expect(help.out).toContain(`\n  ${option}`)
    }
    expect((await start(['--version']).ended).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('ends with 0, 1, 2 or 3', async () => {
    expect(await start(both()).ended).toEqual({
      code: 0,
      out: 'movies: 3 sent (3 new, 0 gone, 0 unchanged), 0 skipped\n',
      err: '',
    })
    const used = [
      [...both(), '--confrm'],
      ['--libraries', 'Movies'],
      [...both(), '--libraries', 'Photos'],
    ]
    const codes = await Promise.all(used.map((args) => start(args).ended))
    expect(codes.map(({ code }) => code)).toEqual([2, 2, 2])
    section.rows = { 1: [plexMovie(1)] }
    const refused = await start(both()).ended
    expect([refused.code, refused.out]).toEqual([3, ''])
    expect(refused.err).toMatch(/^Stellarr refused the movies: .*--confirm\.\n$/)
    expect((await start([...both(), '--confirm']).ended).code).toBe(0)
    const noTls = await start([...both(), '--plex', plex.url.replace('http:', 'https:')]).ended
    expect([noTls.code, noTls.err]).toEqual([
      1,
      expect.stringMatching(/^Plex speaks no https at that port.*--plex.*\n$/),
    ])
  })

  it('keeps tokens to itself, also where a server repeats them', async () => {
    const { PLEX_TOKEN, SYNC_TOKEN } = TOKENS
    section.rows = { 1: [plexMovie(1, { title: `A movie named ${PLEX_TOKEN}`, Guid: [] })] }
    stellarr.instead = ({ path }, res) =>
      path.endsWith('begin') && sendJson(res, { detail: `no ${SYNC_TOKEN}`, code: 'invalid' }, 422)
    const told = await start([...both(), '--token', SYNC_TOKEN]).ended
    expect([told.code, told.err]).toEqual([1, expect.stringContaining('A movie named ***')])
    expect(told.err).toContain('Stellarr did not take the movies (status 422: no ***).')
    const odd = [
      start(both(), { SYNC_TOKEN: `${SYNC_TOKEN}\nx` }),
      start([...both(), '--plex', `${plex.url}/?X-Plex-Token=${PLEX_TOKEN}`]),
      start([SYNC_TOKEN]),
    ]
    for (const { ended } of odd) expect((await ended).code).toBe(2)
  })

  it('watches: lives on after a failure, confirms once, and ends when told to', async () => {
    plex.instead = (_, res) => sendPage(res)
    const watching = start([...both(), '--watch', '0.003', '--confirm'])
    await until(() => watching.output().includes('Plex answers a page'))
    plex.instead = () => false
    await until(() => watching.output().includes('movies: 3 sent (3 new'))
    section.rows = { 1: [plexMovie(1)] }
    await until(() => watching.output().includes('refused'))
    watching.child.kill('SIGTERM')
    const { code, err } = await watching.ended
    expect(code).toBe(0)
    expect(err).toContain('The next run is in 0.003 minutes.')
  })

  it('ends at once when told to in the middle of a call', async () => {
    plex.instead = ({ path }) => path.endsWith('/all')
    const watching = start([...both(), '--watch'])
    await until(() => plex.asked.length > 1)
    const began = Date.now()
    watching.child.kill('SIGINT')
    expect(await watching.ended).toEqual({ code: 0, out: '', err: '' })
    expect(Date.now() - began).toBeLessThan(10_000)
  })

  it('reads and sends a library that is larger than its memory', async () => {
    const summary = 'A movie that nobody has made. '.repeat(75)
    section.rows = { 1: Array.from({ length: 20_000 }, (_, n) => plexMovie(n + 1, { summary })) }
    expect(await start(both(), { NODE_OPTIONS: '--max-old-space-size=48' }).ended).toEqual({
      code: 0,
      out: 'movies: 20,000 sent (20,000 new, 0 gone, 0 unchanged), 0 skipped\n',
      err: '',
    })
  })
})
