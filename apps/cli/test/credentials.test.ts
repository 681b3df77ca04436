import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findCredentials } from '../src/credentials.ts'
import { findRegion } from '../src/region.ts'
import { aFolder } from './cli-house.ts'

const folder = aFolder()
let stubs = 0
afterEach(() => vi.unstubAllEnvs())

/** An AWS account as this machine's files tell it, and nothing else. */
function stubFiles(credentials: string, settings = ''): void {
  // A file that was read once is kept by its name.
  stubs += 1
  const [shared, config] = [join(folder, `credentials-${stubs}`), join(folder, `config-${stubs}`)]
  writeFileSync(shared, credentials)
  writeFileSync(config, settings)
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', shared)
  vi.stubEnv('AWS_CONFIG_FILE', config)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_REGION'])
    vi.stubEnv(name, undefined)
}

describe('credentials', () => {
  it('are those of the environment where there are any', async () => {
    expect(await findCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' })).toBeUndefined()
  })

  it('are any for a local engine', async () => {
    const credentials = await findCredentials({ DYNAMODB_ENDPOINT: 'http://localhost:8000' })
    expect(credentials?.()).toEqual({ accessKeyId: 'local', secretAccessKey: 'local' })
  })

  it('are those of AWS’s own files else', async () => {
    stubFiles('[default]\naws_access_key_id = ofthefile\naws_secret_access_key = secret\naws_session_token = token\n')
    expect((await findCredentials({}))?.()).toEqual({
      accessKeyId: 'ofthefile',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    })
  })

  it('that run out are renewed while those in use still hold', async () => {
    const program = join(folder, 'lend.mjs')
    writeFileSync(
      program,
      `import { appendFileSync, readFileSync } from 'node:fs'
const times = ${JSON.stringify(join(folder, 'times'))}
appendFileSync(times, 'x')
const Expiration = new Date(Date.now() + 4 * 60_000).toISOString()
const AccessKeyId = 'key' + readFileSync(times).length
console.log(JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey: 's', Expiration }))`,
    )
    stubFiles(`[default]\ncredential_process = "${process.execPath}" "${program}"\n`)
    const credentials = await findCredentials({})
    expect(credentials?.().accessKeyId).toBe('key1')
    await vi.waitFor(() => expect(credentials?.().accessKeyId).not.toBe('key1'), { timeout: 20_000 })
  })

  it('that are nowhere are told in one line', async () => {
    stubFiles('')
    await expect(findCredentials({})).rejects.toThrow(/^No AWS credentials were found: .+$/)
  })
})

describe('the region', () => {
  it.each([
    [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-1'],
    [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-2'],
  ])('is that of the environment where there is one: %j', async (env, region) => {
    stubFiles('', '[default]\nregion = eu-central-1\n')
    expect(await findRegion(env)).toBe(region)
  })

  it('is that of "aws configure" else, of the profile in use', async () => {
    stubFiles('', '[default]\nregion = eu-central-1\n[profile second]\nregion = sa-east-1\n')
    expect(await findRegion({})).toBe('eu-central-1')
    vi.stubEnv('AWS_PROFILE', 'second')
    expect(await findRegion({})).toBe('sa-east-1')
  })

  it('is not needed for another DynamoDB than Amazon’s', async () => {
    stubFiles('')
    expect(await findRegion({ DYNAMODB_ENDPOINT: 'http://localhost:8000' })).toBeUndefined()
  })

  it('is never guessed: one that is nowhere, or cannot be right, is told in one line', async () => {
    stubFiles('')
    await expect(findRegion({})).rejects.toThrow(
      'No region: set AWS_REGION (the one that "npm run deploy:aws" was given), or run "aws configure".',
    )
    await expect(findRegion({ AWS_REGION: 'eu central' })).rejects.toThrow(
      'The region "eu central" cannot be right: one such as eu-central-1 was expected.',
    )
  })
})
