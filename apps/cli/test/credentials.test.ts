import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findCredentials } from '../src/credentials.ts'
import { aFolder } from './cli-house.ts'

const folder = aFolder()
let stubs = 0
afterEach(() => vi.unstubAllEnvs())

/** An AWS account as this machine's files tell it, and nothing else. */
function stubFiles(credentials: string): void {
  // A file that was read once is kept by its name.
  stubs += 1
  const [shared, config] = [join(folder, `credentials-${stubs}`), join(folder, `config-${stubs}`)]
  writeFileSync(shared, credentials)
  writeFileSync(config, '')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', shared)
  vi.stubEnv('AWS_CONFIG_FILE', config)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
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
