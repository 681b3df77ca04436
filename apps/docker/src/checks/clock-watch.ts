import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { performance } from 'node:perf_hooks'
import type { Check } from '@stellarr/core'

const LOOK_MS = 10_000
/** Another clock's second, and the way of its answer, are no jump and no difference. */
const JUMP_MS = 30_000
/** Sign-in takes five minutes of difference; what is more than two will soon be. */
const OFF_MS = 2 * 60_000
const DAY_MS = 24 * 3_600_000

/** What Node says of the answers that this process gets: of `http`, and of `fetch` (undici's DiagnosticsChannel.md). */
const ANSWERS = { http: 'http.client.response.finish', fetch: 'undici:request:headers' } as const

export interface ClockWatch {
  /** How the clock stands. */
  check(): Check
  stop(): void
}

/**
 * Watches the clock: whether it jumps against one that cannot, and how far it is from the clocks of those who are called
 * anyway, whose answers carry their time.
 */
export function watchClock(): ClockWatch {
  const offset = () => Date.now() - performance.now()
  let before = offset()
  let jump: { at: number; ms: number } | undefined
  let compared: { at: number; ms: number } | undefined

  function look(): void {
    const present = offset()
    if (Math.abs(present - before) > JUMP_MS) jump = { at: Date.now(), ms: Math.round(present - before) }
    before = present
  }
  const timer = setInterval(look, LOOK_MS)
  timer.unref()

  /** What a cache kept is as old as it says. */
  function hear(date: string | undefined, age: string | undefined): void {
    const theirs = Date.parse(date ?? '')
    if (Number.isFinite(theirs)) compared = { at: Date.now(), ms: Date.now() - theirs - 1000 * (Number(age) || 0) }
  }

  const onHttp = (message: unknown) => {
    const headers = field(field(message, 'response'), 'headers')
    hear(text(field(headers, 'date')), text(field(headers, 'age')))
  }
  const onFetch = (message: unknown) => {
    const flat = field(field(message, 'response'), 'headers')
    if (!Array.isArray(flat)) return
    const texts = flat.map(String)
    const value = (name: string) => texts.find((_text, at) => at % 2 === 1 && texts[at - 1]?.toLowerCase() === name)
    hear(value('date'), value('age'))
  }
  subscribe(ANSWERS.http, onHttp)
  subscribe(ANSWERS.fetch, onFetch)

  return {
    check() {
      look()
      return clockCheck({ now: Date.now(), jump, compared })
    },
    stop() {
      clearInterval(timer)
      unsubscribe(ANSWERS.http, onHttp)
      unsubscribe(ANSWERS.fetch, onFetch)
    },
  }
}

/** What was seen of the clock: its last jump, and how far it was ahead of another one, in milliseconds. */
export interface ClockSeen {
  now: number
  jump: { at: number; ms: number } | undefined
  compared: { at: number; ms: number } | undefined
}

const seconds = (ms: number) => Math.round(ms / 1000)

/**
 * A clock that has gone back is wrong, or was; one that has gone ahead may only have slept. What was compared after it
 * says more.
 */
export function clockCheck({ now, jump, compared }: ClockSeen): Check {
  const base = { id: 'clock', group: 'clock' } as const
  const latest = jump && now - jump.at < DAY_MS ? jump : undefined
  const facts = {
    ...(compared && { compared: new Date(compared.at).toISOString(), off_seconds: seconds(compared.ms) }),
    ...(latest && { jumped: new Date(latest.at).toISOString(), jumped_seconds: seconds(latest.ms) }),
  }
  const isComparedSince = compared !== undefined && compared.at >= (latest?.at ?? 0)
  if (isComparedSince && Math.abs(compared.ms) > OFF_MS) {
    const [by, way] = [Math.abs(seconds(compared.ms)), compared.ms > 0 ? 'ahead' : 'behind']
    const nextStep = `This machine’s clock is ${by} seconds ${way}. Set it, and let it be set over the network.`
    return { ...base, state: 'problem', lastBadAt: compared.at, code: 'clock_off', facts, nextStep }
  }
  if (latest && latest.ms < 0 && !isComparedSince) {
    const nextStep = `This machine’s clock went back by ${-seconds(latest.ms)} seconds. Let it be set over the network.`
    return { ...base, state: 'problem', lastBadAt: latest.at, code: 'clock_jumped', facts, nextStep }
  }
  if (compared) return { ...base, state: 'works', lastGoodAt: compared.at, facts }
  const nextStep = 'Nobody has been called yet whose clock this one could be compared with.'
  return { ...base, state: 'not_set_up', code: 'not_compared', facts, nextStep }
}

const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
