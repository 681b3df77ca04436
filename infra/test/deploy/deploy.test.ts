import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Engine, startEngine } from '@stellarr/storage-dynamo/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type StubAws, startStubAws } from './stub-aws.ts'

const TMDB_KEY = 'canary-tmdb-key-0123456789abcdef'
const SETTINGS = '/stellarr/settings'

let engine: Engine
let stub: StubAws
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.stop())

interface Run {
  code: number | null
  output: string
  /** Arguments of all processes that ran meanwhile, where /proc tells. */
  processes: string
}

/** Runs the command as a user does, with AWS's own variables pointing at the stub. */
async function run(args: string[], env: Record<string, string | undefined> = {}): Promise<Run> {
  const given = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_ENDPOINT_URL: stub.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_EC2_METADATA_DISABLED: 'true',
    TMDB_API_KEY: TMDB_KEY,
    ...env,
  }
  const known = Object.fromEntries(Object.entries(given).filter((entry) => entry[1] !== undefined))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-deploy.mjs'), ...args], {
    env: known,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
  let processes = ''
  const look = setInterval(() => {
    if (!existsSync('/proc')) return
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        processes += `${readFileSync(`/proc/${pid}/cmdline`, 'utf8')}\n`
      } catch {
        // It has just ended.
      }
    }
  }, 250)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearInterval(look)
  return { code, output, processes }
}

const settings = (): Record<string, string> => JSON.parse(stub.parameters.get(SETTINGS)?.value ?? '{}')
const written = () => stub.writes().map(({ service, operation }) => `${service}:${operation}`)
const stackOf = (name: string, region = 'eu-central-1') => stub.stacks.get(`${region}/${name}`)

describe('a deployment, from its first day to its last', () => {
  let first: Run
  beforeAll(async () => {
    stub = await startStubAws(engine.endpoint)
    first = await run(['--yes'])
  }, 180_000)
  afterAll(() => stub.close())
  beforeEach(() => {
    stub.calls.length = 0
  })

  it('is made by one command that shows its plan first', () => {
    expect([first.code, first.output]).toEqual([0, expect.stringContaining('Stellarr is open on')])
    expect(first.output).toMatch(/Account 111111111111, region eu-central-1/)
    expect(first.output).toMatch(/\+ setting FEED_TOKEN: made here/)
    expect(first.output).toMatch(/\+ setting TMDB_API_KEY: as given/)
    expect(first.output).toMatch(/\+ stack stellarr in eu-central-1: \d+ resources/)
    expect(first.output.indexOf('+ stack')).toBeLessThan(first.output.indexOf('Storing the settings'))
    expect(stackOf('stellarr')?.status).toBe('CREATE_COMPLETE')
  })

  it('has its settings in one SecureString that the functions can start with', async () => {
    expect(stub.parameters.get(SETTINGS)?.type).toBe('SecureString')
    const { readApiSettings } = await import('../../../apps/lambda/src/settings.ts')
    const read = readApiSettings({ ...settings(), DYNAMODB_TABLE: 'stellarr' })
    expect(read).toMatchObject({ baseUrls: [stub.url], tmdbApiKey: TMDB_KEY })
    expect(read.storeId).toMatch(/^[0-9a-f-]{36}$/)
    expect(read.tokens.jellyfin).toHaveLength(1)
  })

  it('has the web app and its first trending files', () => {
    const web = stub.buckets.get('stellarr-web')
    expect(web?.get('index.html')?.headers).toEqual({ type: 'text/html; charset=utf-8', cache: 'no-cache' })
    expect(web?.get('library-agent.mjs')?.headers.type).toMatch(/^text\/javascript/)
    const [asset] = [...(web?.keys() ?? [])].filter((key) => key.startsWith('assets/'))
    expect(web?.get(asset ?? '')?.headers.cache).toBe('public, max-age=31536000, immutable')
    expect(stub.buckets.get('stellarr-trending')?.size).toBe(1)
  })

  it('says its made passwords and no other secret, and puts none into a template or a process', async () => {
    const { PRESHARED_PASSWORD = '', ADMIN_PASSWORD = '', BASE_URL: _, STORE_ID: __, ...secrets } = settings()
    expect(first.output).toContain(PRESHARED_PASSWORD)
    expect(first.output).toContain(ADMIN_PASSWORD)
    const assembly = stackOf('stellarr')?.template ?? ''
    for (const [name, secret] of Object.entries(secrets)) {
      expect(first.output, name).not.toContain(secret)
      expect(assembly, name).not.toContain(secret)
      expect(first.processes, name).not.toContain(secret)
    }
    expect(stackOf('stellarr')?.parameters.OriginVerifySecret).toBe(settings().ORIGIN_VERIFY_SECRET)
    expect(first.processes).toContain('cdk-process.mjs')
  })

  it('is left as it is by the same command again, without one call that writes', async () => {
    const before = structuredClone([...stub.parameters])
    const again = await run(['--yes'])
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('Nothing to change.')])
    expect(written()).toEqual([])
    expect([...stub.parameters]).toEqual(before)
  }, 60_000)

  it('uploads a file again that is sent as it should not be', async () => {
    const page = stub.buckets.get('stellarr-web')?.get('index.html')
    if (page) page.headers.cache = 'public, max-age=86400'
    const again = await run(['--yes'])
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('web app: 1 files to upload, 0 to remove')])
    expect(stub.buckets.get('stellarr-web')?.get('index.html')?.headers.cache).toBe('no-cache')
  }, 60_000)

  it('keeps a stored secret when the environment has another one, and says so', async () => {
    const again = await run(['--yes'], { TMDB_API_KEY: 'another-key-0123456789' })
    expect(again.output).toContain('setting TMDB_API_KEY: stays; the environment has another value')
    expect(again.output).toContain('Nothing to change.')
    expect(settings().TMDB_API_KEY).toBe(TMDB_KEY)
  }, 60_000)

  it('gives a token a second value, and ends the old one by a word', async () => {
    const old = settings().FEED_TOKEN
    expect((await run(['rotate', 'feed', '--yes'])).code).toBe(0)
    const [fresh, ...others] = settings().FEED_TOKEN?.split(',') ?? []
    expect(others).toEqual([old])
    const refused = await run(['rotate', 'feed', '--yes'])
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('FEED_TOKEN has two values already')])
    const ended = await run(['rotate', 'feed', '--finish', '--yes'])
    expect([ended.code, settings().FEED_TOKEN]).toEqual([0, fresh])
    expect(ended.output).not.toContain(fresh)
  }, 60_000)

  it('gives the CDN another secret, in minutes that no test has, by changing that one parameter', async () => {
    const { awsOf } = await import('../../src/deploy/aws.ts')
    const { template, parameters = {} } = stackOf('stellarr') ?? {}
    const environment = { AWS_ENDPOINT_URL: stub.url, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    const aws = awsOf('eu-central-1')
    await aws.setStackParameter('eu-central-1', 'stellarr', 'OriginVerifySecret', 'another-secret-0123')
    await aws.setStackParameter('eu-central-1', 'stellarr', 'OriginVerifySecret', 'another-secret-0123')
    expect(stackOf('stellarr')).toMatchObject({
      template,
      parameters: { ...parameters, OriginVerifySecret: 'another-secret-0123' },
    })
    await aws.setStackParameter('eu-central-1', 'stellarr', 'OriginVerifySecret', parameters.OriginVerifySecret ?? '')
    vi.unstubAllEnvs()
  })

  it('is removed but for its table and settings, and a second time there is nothing to remove', async () => {
    const gone = await run(['--destroy', '--yes'])
    expect([gone.code, gone.output]).toEqual([0, expect.stringContaining('table stellarr: stays')])
    expect(stackOf('stellarr')).toBeUndefined()
    expect([...stub.buckets.keys()].filter((name) => name.startsWith('stellarr'))).toEqual([])
    expect(stub.world.tables).toContain('stellarr')
    const again = await run(['--destroy', '--yes'])
    expect([again.code, again.output]).toEqual([
      0,
      expect.stringContaining('There is nothing to remove in eu-central-1.'),
    ])
  }, 60_000)

  it('takes table and settings up again when it is deployed anew', async () => {
    const before = settings()
    const again = await run(['--yes'])
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('Stellarr is open on')])
    expect(settings()).toEqual(before)
    expect(stackOf('stellarr')?.status).toBe('CREATE_COMPLETE')
  }, 180_000)

  it('is removed with all it had', async () => {
    const gone = await run(['--destroy', '--with-data', '--yes'])
    expect([gone.code, gone.output]).toEqual([0, expect.stringContaining('Everything is removed.')])
    expect([...stub.parameters.keys()]).toEqual([])
    expect(stub.world.tables.size).toBe(0)
  }, 60_000)
})

describe('a deployment that fails half-way', () => {
  it('says why, and is finished by the same command, with the passwords that were told', async () => {
    stub = await startStubAws(engine.endpoint)
    stub.world.failing = 'AWS::CloudFront::Distribution'
    const failed = await run(['--yes'])
    expect([failed.code, failed.output]).toEqual([
      1,
      expect.stringContaining('You are not subscribed to this service.'),
    ])
    expect(failed.output).toContain('run it again to go on')
    expect(failed.output).toContain(settings().PRESHARED_PASSWORD)
    expect(failed.output).not.toContain(settings().ORIGIN_VERIFY_SECRET)
    const password = settings().PRESHARED_PASSWORD
    stub.world.failing = undefined
    const again = await run(['--yes'])
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('what a failed first run left')])
    expect(settings().PRESHARED_PASSWORD).toBe(password)
    expect(stackOf('stellarr')?.parameters.OriginVerifySecret).toBe(settings().ORIGIN_VERIFY_SECRET)
    expect((await run(['--yes'])).output).toContain('Nothing to change.')
    await run(['--destroy', '--with-data', '--yes'])
    await stub.close()
  }, 180_000)
})

describe('a deployment with a domain, a firewall and a mail address', () => {
  const EDGE = 'stellarr-eu-central-1-edge'
  const edge = () => stackOf(EDGE, 'us-east-1')
  const holds = (type: string) =>
    Object.values<{ Type: string }>(JSON.parse(edge()?.template ?? '{}').Resources ?? {}).filter(
      (one) => one.Type === type,
    ).length
  /** Certificates and firewalls of the edge stack. */
  const counts = () => [holds('AWS::CertificateManager::Certificate'), holds('AWS::WAFv2::WebACL')]
  /** The stacks that a run deployed, in their order. */
  const deployed = (output: string) => [...output.matchAll(/Deploying (\S+) in/g)].map(([, name]) => name)
  const nothing = async () => expect((await run(['--yes'])).output).toContain('Nothing to change.')

  beforeAll(async () => {
    stub = await startStubAws(engine.endpoint)
  })
  afterAll(() => stub.close())
  beforeEach(() => stub.allowAll())

  it('makes certificate and firewall in us-east-1 first, and remembers what was chosen', async () => {
    const made = await run(['--yes', '--domain', 'films.example.org', '--waf', '--email', 'ann@example.org'])
    expect([made.code, made.output]).toEqual([0, expect.stringContaining(`+ stack ${EDGE} in us-east-1`)])
    expect(made.output).toContain('enter ns-1.awsdns-01.org, ns-2.awsdns-02.com as its name servers')
    expect(deployed(made.output)).toEqual([EDGE, 'stellarr'])
    expect(stackOf('stellarr')?.parameters).toMatchObject({
      EdgeCertificateArn: expect.stringContaining('arn:aws:acm:us-east-1'),
      EdgeWebAclArn: expect.stringContaining('webacl'),
    })
    await nothing()
  }, 180_000)

  it('takes away what the CDN used only after the CDN, also when one thing comes and another goes', async () => {
    const other = await run(['--yes', '--domain', 'series.example.org', '--no-waf'])
    expect([other.code, deployed(other.output)]).toEqual([0, [EDGE, 'stellarr', EDGE]])
    expect([edge()?.template.includes('films.example.org'), ...counts()]).toEqual([false, 1, 0])
    expect(stackOf('stellarr')?.template).toContain('series.example.org')
    const swapped = await run(['--yes', '--no-domain', '--waf'])
    expect([swapped.code, deployed(swapped.output), counts()]).toEqual([0, [EDGE, 'stellarr', EDGE], [0, 1]])
    await nothing()
  }, 180_000)

  it('goes on with that where it was cut off', async () => {
    stub.world.failing = 'AWS::Route53::RecordSet'
    const cut = await run(['--yes', '--domain', 'films.example.org', '--no-waf'])
    expect([cut.code, counts()]).toEqual([1, [1, 1]])
    stub.world.failing = undefined
    const on = await run(['--yes'])
    expect([on.code, deployed(on.output), counts()]).toEqual([0, ['stellarr', EDGE], [1, 0]])
    await nothing()
  }, 180_000)

  it('is not found, and not touched, from another region', async () => {
    const elsewhere = await run(['--destroy', '--yes', '--region', 'us-west-2'])
    expect([elsewhere.code, elsewhere.output]).toEqual([
      0,
      expect.stringContaining('There is nothing to remove in us-west-2. Another region is named by --region.'),
    ])
    expect(edge()).toBeDefined()
    const plan = await run(['--dry-run', '--region', 'us-east-1'])
    expect(plan.output).toContain('+ a new deployment: there is none of this name in us-east-1')
  }, 60_000)

  it('does without them again, also when it was cut off before they went', async () => {
    stub.refuse('cloudformation:DeleteStack', 'AccessDenied', 403)
    expect((await run(['--yes', '--no-domain', '--no-waf'])).code).toBe(1)
    expect(edge()).toBeDefined()
    stub.allowAll()
    const without = await run(['--yes'])
    expect([without.code, without.output]).toEqual([0, expect.stringContaining(`- stack ${EDGE} in us-east-1`)])
    expect(edge()).toBeUndefined()
    await nothing()
  }, 180_000)

  it('is made anew over a stack that could not be deleted', async () => {
    const main = stackOf('stellarr')
    if (main) main.status = 'DELETE_FAILED'
    stub.buckets.delete('stellarr-trending')
    const again = await run(['--yes'])
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('Emptying stellarr-web')])
    expect(stackOf('stellarr')?.status).toBe('CREATE_COMPLETE')
    await nothing()
    await run(['--destroy', '--with-data', '--yes'])
    expect(stub.stacks.size).toBe(0)
  }, 180_000)
})

describe('what stops a deploy', () => {
  beforeAll(async () => {
    stub = await startStubAws(engine.endpoint)
  })
  afterAll(() => stub.close())
  beforeEach(() => {
    stub.allowAll()
    stub.calls.length = 0
  })

  it.each<[string, string[], Record<string, string | undefined>, RegExp]>([
    ['no credentials', [], { AWS_ACCESS_KEY_ID: undefined }, /^No AWS credentials: run "aws configure"/],
    ['no region', [], { AWS_REGION: undefined }, /^No region: add --region/],
    ['an odd region', ['--region', 'Frankfurt'], {}, /^--region: expected a region of AWS/],
    ['an unknown option', ['--fast'], {}, /^Unknown option '--fast'\. --help/],
    [
      'a domain of nobody’s zone',
      ['--yes', '--domain', 'films.example.net'],
      {},
      /no hosted zone of this account holds films\.example\.net/,
    ],
    [
      'a short password',
      ['--yes'],
      { PRESHARED_PASSWORD: 'short' },
      /^PRESHARED_PASSWORD: expected at least 10 characters/m,
    ],
    ['no terminal', [], {}, /There is no terminal to ask at: add --yes/],
  ])(
    '%s: one line that helps, and nothing is written',
    async (_what, args, env, line) => {
      const stopped = await run(args, env)
      expect(stopped.code).toBe(1)
      expect(stopped.output).toMatch(line)
      expect(stopped.output).not.toMatch(/\n\s+at /)
      expect(written()).toEqual([])
    },
    60_000,
  )

  it.each([
    ['sts:GetCallerIdentity', 'ExpiredToken', 403, /AWS does not take these credentials \(ExpiredToken/],
    ['sts:GetCallerIdentity', 'SignatureDoesNotMatch', 403, /check the secret key, and the clock/],
    ['ssm:GetParameter', 'AccessDeniedException', 400, /These credentials may not do that: .*ssm:GetParameter/],
  ])(
    'AWS refusing %s by %s',
    async (operation, code, status, line) => {
      stub.refuse(operation, code, status)
      const stopped = await run(['--yes'])
      expect([stopped.code, stopped.output]).toEqual([1, expect.stringMatching(line)])
      expect(written()).toEqual([])
    },
    60_000,
  )

  it('an account that the CDK has not been set up in', async () => {
    stub.bootstrapped.clear()
    const stopped = await run([])
    expect([stopped.code, stopped.output]).toEqual([
      1,
      expect.stringContaining('The CDK has not been set up in eu-central-1 yet'),
    ])
    for (const region of ['eu-central-1', 'us-east-1']) stub.bootstrapped.add(region)
  }, 60_000)

  it('a stack that somebody else is changing', async () => {
    const busy = {
      name: 'stellarr',
      id: 'arn:a/stellarr/1',
      template: '{"Resources":{}}',
      parameters: {},
      outputs: {},
      events: [],
    }
    stub.stacks.set('eu-central-1/stellarr', { ...busy, status: 'UPDATE_IN_PROGRESS' })
    const stopped = await run(['--yes'])
    expect([stopped.code, stopped.output]).toEqual([1, expect.stringContaining('is being changed just now')])
    stub.stacks.set('eu-central-1/stellarr', { ...busy, status: 'UPDATE_ROLLBACK_FAILED' })
    expect((await run(['--yes'])).output).toContain('Continue update rollback')
    stub.stacks.clear()
    expect(written()).toEqual([])
  }, 60_000)

  it('--dry-run, after the plan', async () => {
    const shown = await run(['--dry-run'])
    expect([shown.code, shown.output]).toEqual([0, expect.stringContaining('Nothing was done (--dry-run).')])
    expect(written()).toEqual([])
  }, 60_000)
})
