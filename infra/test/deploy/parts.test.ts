import { describe, expect, it } from 'vitest'
import { type Aws, regionOf } from '../../src/deploy/aws.ts'
import { choicesText, originMark } from '../../src/deploy/choices.ts'
import type { Surroundings } from '../../src/deploy/deploy.ts'
import { delegationWarning } from '../../src/deploy/edge.ts'
import { checkGround } from '../../src/deploy/ground.ts'
import { readOptions } from '../../src/deploy/options.ts'
import { diffTemplates, planLines } from '../../src/deploy/plan.ts'
import { usableRegion } from '../../src/deploy/regions.ts'
import { rotate } from '../../src/deploy/rotate.ts'
import {
  completeSettings,
  ROTATED,
  readSettingsDocument,
  type SettingsDocument,
  storedNames,
  withoutFormerNames,
  writeSettings,
} from '../../src/deploy/settings-document.ts'
import { planSite, siteFiles } from '../../src/deploy/site-bucket.ts'
import { PLAIN } from '../synthesized.ts'

const GOOD = { PRESHARED_PASSWORD: 'household-password-1' }

describe('options', () => {
  it('stand for what they say, and for what was before where they say nothing', () => {
    expect(readOptions([])).toMatchObject({ action: 'deploy', name: 'stellarr', domain: undefined, waf: undefined })
    const said = readOptions(['--domain', 'films.example.org', '--waf', '--budget', '5', '--memory', '1024', '--yes'])
    expect(said).toMatchObject({ domain: 'films.example.org', waf: true, budgetUsd: 5, apiMemoryMb: 1024, yes: true })
    expect(readOptions(['--no-domain', '--no-waf', '--no-email'])).toMatchObject({
      domain: null,
      waf: false,
      email: null,
    })
    expect(readOptions(['rotate', 'feed', '--finish'])).toMatchObject({
      action: 'rotate',
      rotate: 'feed',
      finish: true,
    })
    expect(readOptions(['--destroy', '--with-data'])).toMatchObject({ action: 'destroy', withData: true })
  })

  it.each([
    [['deploy'], /^deploy: expected nothing, or "rotate"/],
    [['rotate'], /^rotate: expected one of origin, feed/],
    [['rotate', 'all'], /^rotate: expected one of origin, feed/],
    [['--with-data'], /--with-data goes with --destroy alone/],
    [['--finish'], /--finish goes with rotate alone/],
    [['--destroy', 'rotate', 'feed'], /Either --destroy or rotate/],
    [['--domain', 'https://films.example.org'], /^--domain: expected a domain in small letters/],
    [['--name', 'My movies'], /^--name: expected 3 to 31 small letters/],
    [['--name', 'ab'], /^--name: expected 3 to 31 small letters/],
    [['--name', 'awsfilms'], /^--name: expected a name that does not begin with aws or ssm/],
    [['--name', 'ssm-films'], /^--name: expected a name that does not begin with aws or ssm/],
    [['rotate', 'feed', '--waf'], /^--waf means nothing beside rotate/],
    [['rotate', 'feed', '--no-email'], /^--no-email means nothing beside rotate/],
    [['--destroy', '--memory', '512'], /^--memory means nothing beside --destroy/],
    [['--email', 'ann'], /^--email: expected a mail address/],
    [['--budget', '0'], /^--budget: expected a whole number from 1/],
    [['--memory', '64'], /^--memory: expected a whole number from 128 to 10240/],
  ])('%j: %s', (args, line) => {
    expect(() => readOptions(args)).toThrow(line)
  })
})

describe('regions', () => {
  it.each(['eu-central-1', 'us-east-1', 'ap-southeast-2', 'af-south-1', 'sa-east-1'])('%s is one', (region) => {
    expect(usableRegion(region)).toBe(region)
  })

  it.each([
    ['eu-central-2', /^--region: eu-central-2 has no Function URLs/],
    ['eu-south-2', /has no Function URLs/],
    ['ap-southeast-7', /has no Function URLs/],
    ['cn-north-1', /^--region: cn-north-1 is of a part of AWS/],
    ['us-gov-west-1', /is of a part of AWS/],
  ])('%s is refused before anything is made', async (region, line) => {
    await expect(regionOf(region)).rejects.toThrow(line)
  })
})

describe('settings', () => {
  it('are made, given or left as they were', () => {
    const first = completeSettings(undefined, { TMDB_API_KEY: ' a-key ', LOG_LEVEL: 'warn' }, GOOD)
    expect(first.settings).toMatchObject({ ...GOOD, TMDB_API_KEY: 'a-key', LOG_LEVEL: 'warn' })
    expect(first.changes).toContainEqual({ name: 'FEED_TOKEN', how: 'made' })
    expect(first.changes).toContainEqual({ name: 'PRESHARED_PASSWORD', how: 'given' })
    const again = completeSettings(first.settings, { TMDB_API_KEY: 'another', LOG_LEVEL: 'info', FEED_TOKEN: '' }, {})
    expect(again.settings).toEqual({ ...first.settings, LOG_LEVEL: 'info' })
    expect(again.changes).toEqual([
      { name: 'TMDB_API_KEY', how: 'kept' },
      { name: 'LOG_LEVEL', how: 'changed' },
    ])
  })

  it('are the self-hosted household’s own where its environment has them', () => {
    const token = 'feed-token-of-the-household'
    expect(completeSettings(undefined, { FEED_TOKEN: token }, GOOD).settings.FEED_TOKEN).toBe(token)
    const rotated = { ...GOOD, FEED_TOKEN: `a-newer-token-of-them,${token}` }
    expect(completeSettings(rotated, { FEED_TOKEN: token }, {}).changes.map(({ name }) => name)).not.toContain(
      'FEED_TOKEN',
    )
  })

  it('keep the value of one that is stored under a former name, under both until the new functions are there', () => {
    const { ADMIN_PASSWORD: _, ...others } = completeSettings(undefined, {}, GOOD).settings
    const stored: SettingsDocument = { ...others, OPERATOR_PASSWORD: 'admin-password-1' }
    const { settings, changes } = completeSettings(stored, { ADMIN_PASSWORD: 'another-password' }, {})
    expect(settings).toMatchObject({ ADMIN_PASSWORD: 'admin-password-1', OPERATOR_PASSWORD: 'admin-password-1' })
    expect(changes).toEqual([
      { name: 'OPERATOR_PASSWORD', how: 'renamed' },
      { name: 'ADMIN_PASSWORD', how: 'kept' },
    ])
    expect(withoutFormerNames(settings)).toEqual({ ...others, ADMIN_PASSWORD: 'admin-password-1' })
    expect(withoutFormerNames(stored)).toEqual(stored)
    expect(storedNames(stored, 'ADMIN_PASSWORD')).toEqual(['OPERATOR_PASSWORD'])
    expect(storedNames(settings, 'ADMIN_PASSWORD')).toEqual(['ADMIN_PASSWORD', 'OPERATOR_PASSWORD'])
    expect(storedNames({}, 'ADMIN_PASSWORD')).toEqual(['ADMIN_PASSWORD'])
    expect(completeSettings(undefined, { OPERATOR_PASSWORD: 'admin-password-1' }, GOOD).settings).toMatchObject({
      ADMIN_PASSWORD: 'admin-password-1',
    })
  })

  it('are checked as the functions check them, and fit into one parameter', () => {
    expect(() => writeSettings({ PRESHARED_PASSWORD: 'password123' })).toThrow(
      /^PRESHARED_PASSWORD: expected a password of your own/,
    )
    expect(() => writeSettings({ ...GOOD, FEED_TOKEN: 'short' })).toThrow(
      'FEED_TOKEN: expected at least 16 characters.',
    )
    expect(() => writeSettings({ ...GOOD, PLEX_SERVER_NAME: 'x'.repeat(4_096) })).toThrow(/a parameter holds 4096/)
    expect(readSettingsDocument('/a', writeSettings(GOOD))).toEqual(GOOD)
    expect(() => readSettingsDocument('/a', '[1]')).toThrow('/a: expected a JSON object of names and texts')
  })
})

describe('the plan', () => {
  it('names what is made, changed and removed', () => {
    const resource = (Type: string, of = 1) => ({ Type, Properties: { of } })
    const before = {
      Resources: { A: resource('AWS::S3::Bucket'), B: resource('AWS::IAM::Role'), C: resource('AWS::SNS::Topic') },
    }
    const after = {
      Resources: {
        A: resource('AWS::S3::Bucket'),
        B: resource('AWS::IAM::Role', 2),
        D: resource('AWS::WAFv2::WebACL'),
      },
    }
    const diff = diffTemplates(before, after)
    expect(diff).toEqual({
      added: ['AWS::WAFv2::WebACL D'],
      changed: ['AWS::IAM::Role B'],
      removed: ['AWS::SNS::Topic C'],
    })
    const stack = { name: 'stellarr', region: 'eu-central-1', fresh: false, otherwise: true, diff }
    const lines = planLines({
      deployment: PLAIN,
      settings: [{ name: 'TMDB_API_KEY', how: 'kept' }],
      later: [],
      others: [],
      choices: [],
      stacks: [stack],
      site: { put: [], remove: ['old.js'] },
      siteFiles: 3,
    })
    expect(lines).toEqual([
      'Account 111111111111, region eu-central-1, an address of CloudFront’s',
      expect.stringMatching(/^ {2}= setting TMDB_API_KEY: stays/),
      '  ~ stack stellarr in eu-central-1',
      '      + AWS::WAFv2::WebACL D',
      '      ~ AWS::IAM::Role B',
      '      - AWS::SNS::Topic C',
      '  ~ web app: 0 files to upload, 1 to remove',
    ])
  })

  it('uploads what differs or is sent differently, pages after what they name, and removes what is no longer there', () => {
    const sent = { contentType: 'text/javascript', cacheControl: 'no-cache' }
    const file = (key: string, md5: string) => ({ key, md5, body: Buffer.alloc(0), ...sent })
    const stored = new Map([
      ['index.html', { md5: 'old', ...sent }],
      ['a.js', { md5: 'same', ...sent }],
      ['b.js', { md5: 'same', ...sent, cacheControl: 'public' }],
      ['c.js', { md5: 'same', ...sent, contentType: undefined }],
      ['gone.js', { md5: 'x', ...sent }],
    ])
    const files = [file('a.js', 'same'), file('b.js', 'same'), file('c.js', 'same'), file('index.html', 'new')]
    const plan = planSite(files, stored)
    expect([plan.put.map(({ key }) => key), plan.remove]).toEqual([['b.js', 'c.js', 'index.html'], ['gone.js']])
  })

  it('knows the kind of every file of the built web app', () => {
    const keys = siteFiles(`${import.meta.dirname}/../../../apps/web/dist`).map(({ key }) => key)
    expect(keys[0]).toMatch(/^assets\//)
    expect(keys.slice(-2).sort()).toEqual(['index.html', 'service-worker.js'])
  })
})

/** A deployment of one settings parameter, and a log of what is done to it. */
function surroundings(settings: Record<string, string>, status = 'UPDATE_COMPLETE') {
  const log: string[] = []
  const kept = new Map([
    ['/stellarr/settings', JSON.stringify(settings)],
    ['/stellarr/deployment', choicesText({ ...PLAIN, waf: true }, originMark('the-old-secret-0123'))],
  ])
  const aws = {
    region: 'eu-central-1',
    account: async () => '111111111111',
    bootstrap: async () => undefined,
    parameter: async (name: string) => kept.get(name),
    async writeParameter(name: string, value: string) {
      kept.set(name, value)
      if (name === '/stellarr/settings') log.push(`settings: ${JSON.parse(value).ORIGIN_VERIFY_SECRET ?? ''}`)
    },
    stack: async () => ({ status, outputs: {} }),
    async setStackParameter(where: string, name: string, key: string, value: string) {
      log.push(`stack ${name} in ${where}: ${key}=${value}`)
    },
  } as Partial<Aws> as Aws
  const fake: Surroundings = {
    aws,
    talk: { say: () => undefined, ask: async () => undefined, confirm: async () => true },
    env: {},
    build: async () => undefined,
    siteDir: '',
    synthesize: async () => ({ outdir: '/assembly', main: {} }),
    async cdk(args) {
      log.push(`cdk: ${args.join(' ')}`)
    },
    nameServers: async () => undefined,
    healthy: async () => true,
  }
  const stored = (): Record<string, string> => JSON.parse(kept.get('/stellarr/settings') ?? '{}')
  return { fake, log, stored, remembered: () => kept.get('/stellarr/deployment') }
}

describe('rotating', () => {
  it('gives the CDN’s secret to the API, then to the CDN, and then takes the old one from the API', async () => {
    const { fake, log, remembered } = surroundings({ ...GOOD, ORIGIN_VERIFY_SECRET: 'the-old-secret-0123' })
    let waited = 0
    const sleep = async (seconds: number) => {
      waited += seconds
      log.push('wait')
    }
    await rotate({ ...readOptions(['rotate', 'origin', '--yes']), rotate: 'origin' }, fake, sleep)
    const fresh = /settings: (\S+),the-old-secret-0123/.exec(log[0] ?? '')?.[1] ?? ''
    expect(fresh).toHaveLength(32)
    expect(waited).toBeGreaterThan(300)
    expect(log.filter((line) => line !== 'wait')).toEqual([
      `settings: ${fresh},the-old-secret-0123`,
      `stack stellarr in eu-central-1: OriginVerifySecret=${fresh}`,
      `settings: ${fresh}`,
    ])
    expect(log[1]).toBe('wait')
    expect(JSON.parse(remembered() ?? '')).toMatchObject({ waf: true, origin: originMark(fresh) })
  })

  it.each([
    [undefined, /no deployment named stellarr in eu-central-1: deploy it first/],
    ['UPDATE_IN_PROGRESS', /is being changed just now \(UPDATE_IN_PROGRESS\)/],
    ['UPDATE_ROLLBACK_FAILED', /Continue update rollback/],
    ['ROLLBACK_COMPLETE', /no deployment named stellarr in eu-central-1: deploy it first/],
  ])('gives the CDN none when its stack is %s', async (status, line) => {
    const { fake, log } = surroundings(GOOD, status)
    const aws = status === undefined ? { ...fake.aws, stack: async () => undefined } : fake.aws
    const options = { ...readOptions(['rotate', 'origin', '--yes']), rotate: 'origin' } as const
    await expect(rotate(options, { ...fake, aws }, async () => undefined)).rejects.toThrow(line)
    expect(log).toEqual([])
  })

  it('goes on with both values of one that was cut off: the CDN may know either', async () => {
    const both = 'the-fresh-secret-012,the-old-secret-01234'
    const { fake, log } = surroundings({ ...GOOD, ORIGIN_VERIFY_SECRET: both })
    await rotate({ ...readOptions(['rotate', 'origin', '--yes']), rotate: 'origin' }, fake, async () => undefined)
    expect(log).toEqual([
      `settings: ${both}`,
      'stack stellarr in eu-central-1: OriginVerifySecret=the-fresh-secret-012',
      'settings: the-fresh-secret-012',
    ])
  })

  it('makes another password again and again while the environment still has that of the first day', async () => {
    const { fake, stored } = surroundings(GOOD)
    const again = { ...fake, env: { PRESHARED_PASSWORD: GOOD.PRESHARED_PASSWORD } }
    const seen = new Set([GOOD.PRESHARED_PASSWORD])
    for (let times = 1; times <= 2; times += 1) {
      await rotate({ ...readOptions(['rotate', 'password']), rotate: 'password' }, again, async () => undefined)
      seen.add(stored().PRESHARED_PASSWORD ?? '')
      expect(seen.size).toBe(times + 1)
    }
  })

  it('replaces passwords and keys, made or from the environment', async () => {
    const { fake, stored } = surroundings(GOOD)
    await rotate({ ...readOptions(['rotate', 'password']), rotate: 'password' }, fake, async () => undefined)
    expect(stored().PRESHARED_PASSWORD).toMatch(/^[a-z]{4}(-[a-z]{4}){4}$/)
    const key = { ...fake, env: { TMDB_API_KEY: 'a-new-key' } }
    await rotate({ ...readOptions(['rotate', 'tmdb']), rotate: 'tmdb' }, key, async () => undefined)
    expect(stored().TMDB_API_KEY).toBe('a-new-key')
    const none = rotate({ ...readOptions(['rotate', 'tvdb']), rotate: 'tvdb' }, fake, async () => undefined)
    await expect(none).rejects.toThrow('TVDB_API_KEY: set it in the environment')
  })
})

it.each(ROTATED)('a dry run of rotate %s stores nothing, asks nothing and says what would be done', async (what) => {
  const { fake, log } = surroundings({ ...GOOD, ORIGIN_VERIFY_SECRET: 'the-old-secret-0123' })
  const said: string[] = []
  const refuse = () => Promise.reject(new Error('nobody is asked'))
  const talk = { say: (line = '') => void said.push(line), ask: refuse, confirm: refuse }
  const options = { ...readOptions(['rotate', what, '--yes', '--dry-run']), rotate: what }
  await rotate(options, { ...fake, talk }, async () => undefined)
  expect(log).toEqual([])
  expect(said.at(-1)).toMatch(/\? .*Nothing was done \(--dry-run\)\.$/)
})

describe('a zone', () => {
  const servers = ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com']
  it.each([
    ['answers already', ['NS-2.awsdns-02.com.'], false],
    ['is answered by somebody else', ['ns.registrar.example'], true],
    ['is known to nobody', [], true],
    ['cannot be looked up from here', undefined, false],
  ])('that %s', (_what, known, warns) => {
    const lines = delegationWarning('example.org', servers, known)
    expect(lines).toEqual(warns ? [expect.stringContaining('enter ns-1.awsdns-01.org, ns-2.awsdns-02.com')] : [])
  })
})

it('an account is set up for the CDK in both regions that are needed, once somebody says so', async () => {
  const { fake, log } = surroundings({})
  await checkGround(fake, { ...PLAIN, waf: true })
  expect(log).toEqual(['cdk: bootstrap aws://111111111111/eu-central-1', 'cdk: bootstrap aws://111111111111/us-east-1'])
  const no = { ...fake, talk: { ...fake.talk, confirm: async () => false } }
  await expect(checkGround(no, PLAIN)).rejects.toThrow('npx aws-cdk bootstrap aws://111111111111/eu-central-1')
})
