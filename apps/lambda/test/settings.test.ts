import { fixedClock } from '@stellarr/core/testing'
import { BadSetting } from '@stellarr/http/settings'
import { describe, expect, it } from 'vitest'
import { readApiSettings, readDailySettings, readParameter } from '../src/settings.ts'
import { settingsSource } from '../src/settings-source.ts'
import { GOOD_SETTINGS } from './lambda-house.ts'

const GOOD = { ...GOOD_SETTINGS, DYNAMODB_TABLE: 'stellarr' }

describe('settings of the API', () => {
  it('takes what the environment says', () => {
    const settings = readApiSettings({
      ...GOOD,
      ORIGIN_VERIFY_SECRET: 'first-origin-secret-1,second-origin-secret',
      DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000/',
    })
    expect(settings).toMatchObject({
      table: 'stellarr',
      dynamoEndpoint: 'http://127.0.0.1:8000',
      originSecrets: ['first-origin-secret-1', 'second-origin-secret'],
      storeId: undefined,
      bucket: undefined,
    })
    for (const [name, value] of Object.entries(GOOD)) {
      if (/KEY|PASSWORD|TOKEN/.test(name)) expect(settings.secrets, name).toContain(value)
    }
    expect(settings.secrets).toContain('second-origin-secret')
    for (const name of ['TMDB_API_KEY', 'TVDB_API_KEY']) {
      expect(readApiSettings({ ...GOOD, [name]: 'a-key' }).secrets).toContain('a-key')
    }
  })

  it.each(Object.keys(GOOD))('stops without %s, naming it', (name) => {
    for (const value of [undefined, '', '   ']) {
      expect(() => readApiSettings({ ...GOOD, [name]: value })).toThrow(new RegExp(`^${name}: expected .+\\.$`))
    }
  })

  it.each([
    ['ORIGIN_VERIFY_SECRET', 'short'],
    ['ORIGIN_VERIFY_SECRET', 'first-origin-secret,short'],
    ['ORIGIN_VERIFY_SECRET', 'first-origin-secret,second-origin-secret,third-origin-secret'],
    ['APP_SECRET_KEY', 'short'],
    ['PRESHARED_PASSWORD', 'changeme123'],
    ['ADMIN_PASSWORD', GOOD.PRESHARED_PASSWORD],
    ['FEED_TOKEN', 'short'],
    ['BASE_URL', 'stellarr.example.org'],
    ['DYNAMODB_ENDPOINT', 'localhost:8000'],
    ['S3_ENDPOINT', 'localhost'],
  ])('refuses %s=%s in one line that never shows a secret', (name, value) => {
    let message = ''
    try {
      readApiSettings({ ...GOOD, [name]: value })
    } catch (error) {
      expect(error).toBeInstanceOf(BadSetting)
      message = String((error as Error).message)
    }
    expect(message).toMatch(new RegExp(`^${name}: expected .+\\.$`))
    if (/SECRET|TOKEN|PASSWORD/.test(name)) expect(message).not.toContain(value)
  })
})

it('asks no password of the daily work, but a table and a bucket', () => {
  const given = { DYNAMODB_TABLE: 'stellarr', TRENDING_S3_BUCKET: 'files', TMDB_API_KEY: 'a-key' }
  expect(readDailySettings(given)).toMatchObject({ table: 'stellarr', bucket: 'files', secrets: ['a-key'] })
  const tvdb = { TVDB_API_KEY: 'another-key', TVDB_BASE_URL: 'http://127.0.0.1:8001' }
  expect(readDailySettings({ ...given, ...tvdb })).toMatchObject({
    tvdbApiKey: 'another-key',
    tvdbBaseUrl: 'http://127.0.0.1:8001',
    secrets: ['a-key', 'another-key'],
  })
  for (const name of ['DYNAMODB_TABLE', 'TRENDING_S3_BUCKET']) {
    expect(() => readDailySettings({ ...given, [name]: '' })).toThrow(new RegExp(`^${name}: expected`))
  }
})

describe('the settings parameter', () => {
  it.each(['', 'no json', '[]', 'null', '"text"'])('is refused when it holds %j', (json) => {
    expect(() => readParameter(json)).toThrow(/^SETTINGS_PARAMETER: expected .+\.$/)
  })

  it('names a value that is no text, without showing it', () => {
    expect(readParameter('{"A":"x","AUTH_PBKDF2_ITERATIONS":200000}')).toEqual({
      A: 'x',
      AUTH_PBKDF2_ITERATIONS: '200000',
    })
    expect(() => readParameter('{"FEED_TOKEN":["secret"]}')).toThrow(/^FEED_TOKEN: expected a text\.$/)
  })
})

describe('where settings come from', () => {
  function aSource(env: Record<string, string>, ...answers: (string | Error)[]) {
    const clock = fixedClock()
    const said: string[] = []
    const asked: string[] = []
    const current = settingsSource(readApiSettings, {
      env,
      async load(name) {
        asked.push(name)
        const answer = answers.shift()
        if (typeof answer === 'string') return answer
        throw answer ?? new Error('asked too often')
      },
      clock,
      say: (line) => void said.push(line),
    })
    return { current, clock, said, asked }
  }
  const MINUTE = 60_000

  it('is the environment alone without SETTINGS_PARAMETER', async () => {
    const source = aSource(GOOD)
    const first = await source.current()
    source.clock.advance(60 * MINUTE)
    expect(await source.current()).toBe(first)
    expect(source.asked).toEqual([])
  })

  it('is the parameter, the environment first, read again after five minutes', async () => {
    const { FEED_TOKEN: _, ...env } = GOOD
    const json = JSON.stringify({ FEED_TOKEN: 'feed-token-of-ssm-1', SYNC_TOKEN: 'sync-token-of-ssm-1' })
    const changed = JSON.stringify({ FEED_TOKEN: 'feed-token-of-ssm-2' })
    const source = aSource(
      { ...env, DYNAMODB_ENDPOINT: '', SETTINGS_PARAMETER: '/stellarr/settings' },
      json,
      json,
      changed,
    )
    const first = await source.current()
    expect(first.tokens).toMatchObject({ feed: ['feed-token-of-ssm-1'], sync: [GOOD.SYNC_TOKEN] })
    source.clock.advance(4 * MINUTE)
    expect(await source.current()).toBe(first)
    expect(source.asked).toEqual(['/stellarr/settings'])
    source.clock.advance(MINUTE)
    expect(await source.current()).toBe(first)
    source.clock.advance(5 * MINUTE)
    expect((await source.current()).tokens.feed).toEqual(['feed-token-of-ssm-2'])
    expect(source.asked).toHaveLength(3)
    expect(source.said).toEqual([])
  })

  it('stays as it was while the parameter cannot be read or is wrong, and says so', async () => {
    const { FEED_TOKEN, ...env } = GOOD
    const json = JSON.stringify({ FEED_TOKEN })
    const source = aSource(
      { ...env, SETTINGS_PARAMETER: 'p' },
      json,
      new Error('throttled'),
      '{"FEED_TOKEN":"short"}',
      json,
    )
    const first = await source.current()
    for (let n = 0; n < 3; n += 1) {
      source.clock.advance(5 * MINUTE)
      expect(await source.current()).toBe(first)
    }
    expect(source.said).toEqual([
      'settings stay as they were. throttled',
      'settings stay as they were. FEED_TOKEN: expected at least 16 characters.',
    ])
  })

  it('says what stops it and tries again at the next call', async () => {
    const { FEED_TOKEN, ...env } = GOOD
    const source = aSource(
      { ...env, SETTINGS_PARAMETER: 'p' },
      new Error('no right'),
      '{}',
      JSON.stringify({ FEED_TOKEN }),
    )
    await expect(source.current()).rejects.toThrow('no right')
    await expect(source.current()).rejects.toThrow(/^FEED_TOKEN: /)
    expect((await source.current()).tokens.feed).toEqual([FEED_TOKEN])
    expect(source.said).toEqual([
      'stellarr cannot start. no right',
      'stellarr cannot start. FEED_TOKEN: expected at least 16 characters.',
    ])
  })
})
