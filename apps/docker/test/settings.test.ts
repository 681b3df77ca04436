import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePassword } from '@stellarr/http/make-secrets'
import { BadSetting } from '@stellarr/http/settings'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../src/logger.ts'
import { loadSecrets, openDataDir, passwordsWereShown, storePassword } from '../src/secrets.ts'
import { readSettings } from '../src/settings.ts'

describe('settings', () => {
  it('has sensible defaults for everything', () => {
    expect(readSettings({})).toMatchObject({
      port: 8080,
      host: undefined,
      baseUrls: [],
      logLevel: 'info',
      iterations: 100_000,
      trustedProxies: [],
    })
    expect(readSettings({ DATA_DIR: '/srv/stellarr' }).databasePath).toBe('/srv/stellarr/stellarr.db')
    expect(readSettings({ PORT: ' 9000 ', FEED_TOKEN: '' })).toMatchObject({ port: 9000, feedTokens: [] })
    expect(readSettings({ FEED_TOKEN: 'first-token-of-16,second-token-of-16' }).feedTokens).toHaveLength(2)
    expect(readSettings({ BASE_URL: 'https://a.example/, http://nas:8080' }).baseUrls).toEqual([
      'https://a.example',
      'http://nas:8080',
    ])
  })

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '65536'],
    ['BASE_URL', 'stellarr.example.org'],
    ['BASE_URL', 'https://stellarr.example.org/app'],
    ['APP_SECRET_KEY', 'short'],
    ['PRESHARED_PASSWORD', 'short'],
    ['PRESHARED_PASSWORD', 'changeme123'],
    ['ADMIN_PASSWORD', 'Password123'],
    ['FEED_TOKEN', 'short'],
    ['FEED_TOKEN', 'first-token-of-16,second-token-of-16,third-token-of-16'],
    ['SYNC_TOKEN', 'first-token-of-16,short'],
    ['PLEX_WEBHOOK_TOKEN', 'too-short'],
    ['TMDB_BASE_URL', 'ftp://example.org'],
    ['TMDB_API_KEY', '“eyJ.abc.def”'],
    ['TMDB_API_KEY', '"0123456789abcdef"'],
    ['TMDB_API_KEY', 'Bearer eyJ.abc.def'],
    ['TMDB_API_KEY', 'api_key=0123456789abcdef'],
    ['TVDB_API_KEY', '0123 4567 89ab'],
    ['VAPID_SUBJECT', 'you@example.org'],
    ['VAPID_SUBJECT', 'mailto:me@localhost'],
    ['VAPID_SUBJECT', 'mailto:me@nas.local'],
    ['VAPID_SUBJECT', 'mailto:a@b.invalid'],
    ['VAPID_SUBJECT', 'mailto:<me@example.com>'],
    ['VAPID_SUBJECT', 'mailto:me@nas'],
    ['VAPID_SUBJECT', 'https://localhost'],
    ['VAPID_SUBJECT', 'https://192.168.1.2'],
    ['VAPID_SUBJECT', 'https://[fd00::2]:8443'],
    ['VAPID_SUBJECT', 'http://stellarr.example.org'],
    ['TRUSTED_PROXIES', 'my-proxy'],
    ['TRUSTED_PROXIES', '300.1.1.1'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['FRAME_ANCESTORS', 'dashboard'],
    ['FRAME_ANCESTORS', 'https://dash.example.org/home'],
    ['FRAME_ANCESTORS', "https://a.example; script-src 'unsafe-inline'"],
    ['FRAME_ANCESTORS', '*'],
    ['LOG_LEVEL', 'loud'],
    ['AUTH_PBKDF2_ITERATIONS', '99999'],
  ])('%s=%s is refused in one line that names it and never shows the value', (name, value) => {
    let message = ''
    try {
      readSettings({ [name]: value })
    } catch (error) {
      expect(error).toBeInstanceOf(BadSetting)
      message = String((error as Error).message)
    }
    expect(message).toMatch(new RegExp(`^${name}: expected .+\\.$`))
    expect(message).not.toContain('\n')
    if (/TOKEN|PASSWORD|KEY/.test(name)) expect(message).not.toContain(value)
  })

  it('are read under a former name too, and say so', () => {
    const former = readSettings({ OPERATOR_PASSWORD: 'admin-password-1' })
    expect(former.adminPassword).toBe('admin-password-1')
    expect(former.renamed).toEqual([
      'OPERATOR_PASSWORD is called ADMIN_PASSWORD now: rename it where it is set. The old name is still read.',
    ])
    const both = readSettings({ ADMIN_PASSWORD: 'admin-password-2', OPERATOR_PASSWORD: 'admin-password-1' })
    expect(both.adminPassword).toBe('admin-password-2')
    expect(readSettings({ ADMIN_PASSWORD: 'admin-password-2' }).renamed).toEqual([])
    expect(() => readSettings({ OPERATOR_PASSWORD: 'short' })).toThrow(/^OPERATOR_PASSWORD: expected at least/)
  })

  it('say that PUID and PGID do nothing, and what does', () => {
    const own = process.getuid?.() ?? 0
    expect(readSettings({ PUID: '1234', PGID: '100' }).ignored).toEqual([
      expect.stringMatching(new RegExp(`runs as user ${own}\\. To run it as user 1234, set user: "1234:100"`)),
    ])
    expect(readSettings({ PUID: '1234' }).ignored).toEqual([expect.stringContaining('--user 1234:1234')])
    expect(readSettings({ PUID: String(own) }).ignored).toEqual([])
    expect(readSettings({}).ignored).toEqual([])
  })

  it('take proxies by address, network and name', () => {
    const given = '172.18.0.2, fd57:57::/64,loopback, uniquelocal'
    const { trustedProxies } = readSettings({ TRUSTED_PROXIES: given })
    expect(trustedProxies).toEqual(['172.18.0.2', 'fd57:57::/64', 'loopback', 'uniquelocal'])
  })

  it('take dashboards by their origins', () => {
    const given = ' self, https://Dash.example.org,http://nas:3000 , https://*.example.org'
    expect(readSettings({ FRAME_ANCESTORS: given }).frameAncestors).toEqual([
      "'self'",
      'https://dash.example.org',
      'http://nas:3000',
      'https://*.example.org',
    ])
    expect(readSettings({}).frameAncestors).toEqual([])
  })

  it('takes keys of titles as they are given, with blanks around them', () => {
    const [short, long] = ['0123456789abcdef0123456789abcdef', 'eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiIx_-.c2ln']
    expect(readSettings({ TMDB_API_KEY: ` ${short} ` }).tmdbApiKey).toBe(short)
    expect(readSettings({ TMDB_API_KEY: long }).tmdbApiKey).toBe(long)
    expect(readSettings({ TVDB_API_KEY: '11111111-2222-3333-4444-555555555555' }).tvdbApiKey).toHaveLength(36)
  })

  it('lets push services write to the address people open, and never stops over a default', () => {
    const subjectOf = (env: Record<string, string>) => readSettings(env).vapidSubject
    for (const given of ['mailto:you@example.org', 'mailto:a.b+c@mail.example.co.uk', 'https://example.org/contact']) {
      expect(subjectOf({ VAPID_SUBJECT: given })).toBe(given)
    }
    const home = 'http://nas:8080, https://nas.local'
    expect(subjectOf({ BASE_URL: `${home}, https://stellarr.example.org` })).toBe('https://stellarr.example.org')
    for (const env of [{}, { BASE_URL: home }]) {
      expect(subjectOf({ VAPID_SUBJECT: subjectOf(env) })).toBe('mailto:stellarr@example.org')
    }
  })

  it('refuses one password for both roles', () => {
    const both = 'the-same-password'
    expect(() => readSettings({ PRESHARED_PASSWORD: both, ADMIN_PASSWORD: both })).toThrow(/^ADMIN_PASSWORD: /)
  })
})

describe('secrets', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = join(mkdtempSync(join(tmpdir(), 'stellarr-secrets-')), 'data')
    openDataDir(dataDir)
  })
  afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }))

  it('are made once, kept where only their owner can read, and the environment wins', () => {
    const first = loadSecrets(readSettings({ DATA_DIR: dataDir }))
    expect(first.made.size).toBe(10)
    expect(new Set(Object.values(first.secrets)).size).toBe(10)
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
    const second = loadSecrets(readSettings({ DATA_DIR: dataDir }))
    expect(second).toEqual({ secrets: first.secrets, made: new Set(), unseen: first.unseen })
    const given = loadSecrets(readSettings({ DATA_DIR: dataDir, FEED_TOKEN: 'feed-token-of-mine' }))
    expect(given.secrets).toEqual({ ...first.secrets, feedToken: 'feed-token-of-mine' })
    expect(loadSecrets(readSettings({ DATA_DIR: dataDir })).secrets).toEqual(first.secrets)
  })

  it('keep everything else when a password is replaced', () => {
    const { secrets } = loadSecrets(readSettings({ DATA_DIR: dataDir }))
    storePassword(dataDir, 'householdPassword', 'another-password', false)
    expect(loadSecrets(readSettings({ DATA_DIR: dataDir })).secrets).toEqual({
      ...secrets,
      householdPassword: 'another-password',
    })
  })

  it('keep the password of the admin that is stored under its former name', () => {
    const { secrets } = loadSecrets(readSettings({ DATA_DIR: dataDir }))
    const { adminPassword, ...others } = secrets
    writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify({ ...others, operatorPassword: adminPassword }))
    expect(loadSecrets(readSettings({ DATA_DIR: dataDir }))).toMatchObject({ secrets, made: new Set() })
    passwordsWereShown(dataDir, new Set(['householdPassword', 'adminPassword'] as const))
    storePassword(dataDir, 'adminPassword', 'another-password', false)
    const replaced = { ...secrets, adminPassword: 'another-password' }
    expect(loadSecrets(readSettings({ DATA_DIR: dataDir })).secrets).toEqual(replaced)
    expect(JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8'))).toEqual(replaced)
  })

  it('are to be shown until somebody was shown them, but for those that are given', () => {
    const unseen = (more = {}) => [...loadSecrets(readSettings({ DATA_DIR: dataDir, ...more })).unseen]
    expect(unseen()).toEqual(['householdPassword', 'adminPassword'])
    expect(unseen()).toEqual(['householdPassword', 'adminPassword'])
    expect(unseen({ ADMIN_PASSWORD: 'admin-password-1' })).toEqual(['householdPassword'])
    passwordsWereShown(dataDir, new Set(['householdPassword'] as const))
    expect(unseen()).toEqual(['adminPassword'])
    passwordsWereShown(dataDir, new Set(['adminPassword'] as const))
    expect(unseen()).toEqual([])
    storePassword(dataDir, 'adminPassword', 'made-password', true)
    storePassword(dataDir, 'householdPassword', 'given-password', false)
    expect(unseen()).toEqual(['adminPassword'])
    passwordsWereShown(dataDir, new Set(['adminPassword'] as const))
    expect(unseen()).toEqual([])
    expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).not.toContain('notShown')
  })

  it('stop the start when their file cannot be read, and nobody is told to do without it', () => {
    const path = join(dataDir, 'secrets.json')
    mkdirSync(path)
    const load = () => loadSecrets(readSettings({ DATA_DIR: dataDir }))
    expect(load).toThrow(`DATA_DIR: ${path} cannot be read (EISDIR). Check its disk.`)
  })

  it('stop the start when their file is damaged, rather than being made anew', () => {
    for (const damage of ['{"appSecretKey":', '[]', '']) {
      writeFileSync(join(dataDir, 'secrets.json'), damage)
      expect(() => loadSecrets(readSettings({ DATA_DIR: dataDir }))).toThrow(BadSetting)
      expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe(damage)
    }
  })

  it('are easy to type and hard to guess', () => {
    const made = new Set(Array.from({ length: 500 }, makePassword))
    expect(made.size).toBe(500)
    for (const password of made)
      expect(password).toMatch(/^([bdfgklmnprstvz][aeiou]){2}(-([bdfgklmnprstvz][aeiou]){2}){4}$/)
  })
})

it('masks secrets wherever they stand in a log line', () => {
  const lines: string[] = []
  const write = process.stdout.write
  process.stdout.write = (line: string | Uint8Array) => lines.push(String(line)) > 0
  try {
    const logger = createLogger('debug', ['canary-secret', ''])
    logger.info('with canary-secret in it', { path: '/list?token=canary-secret' })
    logger.error('failed', {}, new Error('GET https://x/?api_key=canary-secret failed'))
  } finally {
    process.stdout.write = write
  }
  expect(lines).toHaveLength(2)
  expect(lines.join('')).not.toContain('canary-secret')
  expect(lines.join('')).toContain('***')
})
