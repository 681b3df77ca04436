import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { openTarget } from '../house.ts'
import type { Line, Run } from '../line.ts'
import { watchHealth } from '../process.ts'
import { head, sendRaw } from '../raw.ts'
import { must } from '../tally.ts'

/** CPU time that a process has used, in seconds (proc_pid_stat(5), utime and stime in hundredths). */
function workedSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Sign-ins that would make the server derive a key each, for origins that nobody has used. @param run.tries origins */
async function derivations({ tries, tally, ...run }: Run): Promise<string> {
  const { url, child, close } = await openTarget(
    'sqlite',
    { tries, tally, ...run },
    { TRUSTED_PROXIES: '127.0.0.1/32' },
  )
  must(child?.pid !== undefined, 'it is no process of our own')
  const before = workedSeconds(child.pid)
  const health = watchHealth(url, 20)
  const statuses = await Promise.all(
    Array.from({ length: tries }, async (_, n) => {
      // `fetch` sets the Host by itself.
      const origin = `http://nas${n}.lan:8080`
      const proof = {
        origin,
        timestamp: Math.floor(Date.now() / 1000),
        hash: randomBytes(32).toString('hex'),
        name: 'Ann',
      }
      const body = JSON.stringify(proof)
      const headers = [
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        `X-Forwarded-For: 203.0.113.${n}`,
      ]
      const { statuses } = await sendRaw(url, head(origin, 'POST /api/auth/verify', headers) + body, 60_000)
      return statuses[0]
    }),
  )
  const { most, failed } = await health.stop()
  // The limit of all strangers together may end some of them first.
  for (const status of statuses) tally.note(status === 401 || status === 429, `it answered ${status}`)
  tally.note(statuses.includes(401), 'none was judged')
  const worked = workedSeconds(child.pid) - before
  tally.note(failed === 0 && most <= 500, `health took ${most.toFixed(0)} ms, ${failed} failed`)
  tally.note(worked <= 0.25 * tries, `${worked.toFixed(1)} s of work`)
  await close()
  return `${worked.toFixed(2)} s of work; health at most ${most.toFixed(0)} ms`
}

/** How long a refusal takes says nothing of how much of a token was right. @param run.tries of each kind */
async function timing({ tries, tally, ...run }: Run): Promise<string> {
  const { url, close } = await openTarget('sqlite', { tries, tally, ...run })
  const right = 'plex-token-of-the-tests'
  const kinds: Record<string, string> = {
    'nothing right': 'x'.repeat(right.length),
    'all but the last': `${right.slice(0, -1)}x`,
    'the first half': right.slice(0, 10) + 'x'.repeat(right.length - 10),
  }
  const times = new Map<string, number[]>(Object.keys(kinds).map((name) => [name, []]))
  for (let n = 0; n < tries; n += 1) {
    for (const [name, key] of Object.entries(kinds)) {
      const began = performance.now()
      const answer = await fetch(`${url}/webhook/plex`, { method: 'POST', headers: { 'x-api-key': key } })
      await answer.text()
      times.get(name)?.push(performance.now() - began)
    }
  }
  await close()
  const medians = [...times.values()].map((all) => all.sort((a, b) => a - b)[all.length >> 1] ?? 0)
  const spread = Math.max(...medians) - Math.min(...medians)
  tally.note(spread <= 0.1, `medians differ by ${spread.toFixed(3)} ms`, tries)
  return `medians differ by ${(spread * 1_000).toFixed(0)} µs`
}

export const costLines: readonly Line[] = [
  {
    name: 'derivations',
    title: 'sign-ins for origins that nobody has used, all at once',
    store: 'sqlite',
    tries: { whole: 60, short: 20 },
    run: derivations,
  },
  {
    name: 'timing',
    title: 'how long wrong tokens take to be refused',
    store: 'sqlite',
    tries: { whole: 3_000, short: 300 },
    run: timing,
  },
]
