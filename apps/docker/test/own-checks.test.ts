import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ClockSeen, clockCheck, watchClock } from '../src/checks/clock-watch.ts'
import { backupCheck } from '../src/checks/own-checks.ts'

const NOW = 1_790_000_000_000
const HOUR = 3_600_000

describe('the clock', () => {
  const brief = (more: Partial<ClockSeen>) => {
    const { state, code } = clockCheck({ now: NOW, jump: undefined, compared: undefined, ...more })
    return code === undefined ? state : [state, code]
  }

  it('is what it is by those who were called, and nobody knows before', () => {
    expect(brief({})).toEqual(['not_set_up', 'not_compared'])
    expect(brief({ compared: { at: NOW, ms: 900 } })).toBe('works')
    for (const ms of [121_000, -121_000]) expect(brief({ compared: { at: NOW, ms } })).toEqual(['problem', 'clock_off'])
  })

  it('that went back is wrong until it was compared; one that went ahead may have slept', () => {
    expect(brief({ jump: { at: NOW - HOUR, ms: -HOUR } })).toEqual(['problem', 'clock_jumped'])
    expect(brief({ jump: { at: NOW - 25 * HOUR, ms: -HOUR } })).toEqual(['not_set_up', 'not_compared'])
    expect(brief({ jump: { at: NOW - HOUR, ms: -HOUR }, compared: { at: NOW, ms: 0 } })).toBe('works')
    expect(brief({ jump: { at: NOW, ms: -HOUR }, compared: { at: NOW - HOUR, ms: 0 } })).toEqual([
      'problem',
      'clock_jumped',
    ])
    expect(brief({ jump: { at: NOW, ms: HOUR } })).toEqual(['not_set_up', 'not_compared'])
  })
})

describe('the watch of the clock', () => {
  let watch: ReturnType<typeof watchClock>
  beforeEach(() => {
    watch = watchClock()
  })
  afterEach(() => {
    watch.stop()
    vi.restoreAllMocks()
  })

  it('compares with whoever answers, by either of Node’s clients, and counts how long it was kept', async () => {
    const headers: Record<string, string> = {}
    const server = createServer((_req, res) => res.writeHead(200, headers).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const at = (ms: number) => new Date(Date.now() + ms).toUTCString()
    try {
      headers.date = at(-HOUR)
      await (await fetch(url)).text()
      expect(watch.check()).toMatchObject({ state: 'problem', code: 'clock_off' })
      expect(watch.check().nextStep).toMatch(/clock is 36\d\d seconds ahead\./)
      headers.age = '3600'
      await new Promise<void>((resolve) => {
        request(url, (answer) => answer.resume().on('end', resolve)).end()
      })
      expect(watch.check()).toMatchObject({ state: 'works' })
    } finally {
      server.close()
    }
  })

  it('sees a jump', () => {
    const present = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(present - HOUR)
    expect(watch.check()).toMatchObject({ state: 'problem', code: 'clock_jumped', facts: { jumped_seconds: -3600 } })
  })
})

describe('the backup', () => {
  const newest = { file: 'stellarr-2026-11-30.tar.gz', at: NOW - HOUR, size: 1 }
  const brief = (facts: Partial<Parameters<typeof backupCheck>[0]>) => {
    const { state, code } = backupCheck({ last: undefined, newest, onOwnDisk: false, ...facts }, '/backups', NOW)
    return code === undefined ? state : [state, code]
  }

  it('is there, and said to lie on the store’s own disk', () => {
    expect(brief({})).toBe('works')
    expect(brief({ onOwnDisk: true })).toEqual(['works', 'on_own_disk'])
    expect(brief({ newest: undefined })).toEqual(['not_set_up', 'no_backup'])
  })

  it('is a problem when a night went wrong, or nights went by', () => {
    for (const result of ['skipped', 'failed'] as const) {
      expect(brief({ last: { at: NOW, result } })).toEqual(['problem', `backup_${result}`])
    }
    expect(brief({ newest: { ...newest, at: NOW - 51 * HOUR } })).toEqual(['problem', 'backup_old'])
  })
})
