import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Engine, startEngine } from '@stellarr/storage-dynamo/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { NOBODY, spawnInstance, unpack } from '../../../infra/src/local/instance.ts'
import { loadParameter } from '../src/load-parameter.ts'
import { anEvent, apiSettings, ask } from './lambda-house.ts'

/** What the stand-in for SSM answers, one after the other; the last one for ever. */
let answers: { status: number; body: string }[]
let calls: { headers: IncomingHttpHeaders; body: unknown }[]
let ssm: Server
let url: string
let engine: Engine

const holding = (value: string) => ({ status: 200, body: JSON.stringify({ Parameter: { Name: 'p', Value: value } }) })

beforeAll(async () => {
  engine = await startEngine()
  ssm = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    calls.push({ headers: req.headers, body: JSON.parse(Buffer.concat(parts).toString()) })
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    res.writeHead(answer?.status ?? 500).end(answer?.body)
  })
  await new Promise<void>((resolve) => ssm.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(ssm.address() as AddressInfo).port}`
})
afterAll(async () => {
  ssm.closeAllConnections()
  ssm.close()
  await engine.stop()
})
beforeEach(() => {
  calls = []
  vi.stubEnv('SSM_ENDPOINT', url)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', NOBODY.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', NOBODY.secretAccessKey)
  vi.stubEnv('AWS_SESSION_TOKEN', 'a-session')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

it('asks for the decrypted value by a signed call', async () => {
  answers = [holding('{"a":"b"}')]
  expect(await loadParameter('/stellarr/settings')).toBe('{"a":"b"}')
  expect(calls).toMatchObject([
    {
      headers: {
        'x-amz-target': 'AmazonSSM.GetParameter',
        'x-amz-security-token': 'a-session',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/eu-central-1\/ssm\/aws4_request/,
        ),
      },
      body: { Name: '/stellarr/settings', WithDecryption: true },
    },
  ])
})

it('asks again after an answer that may pass, and only then', async () => {
  answers = [{ status: 500, body: '{}' }, holding('{}')]
  expect(await loadParameter('p')).toBe('{}')
  expect(calls).toHaveLength(2)
  answers = [{ status: 400, body: '{"__type":"ParameterNotFound"}' }]
  await expect(loadParameter('p')).rejects.toThrow('SETTINGS_PARAMETER: p cannot be read (ParameterNotFound).')
  expect(calls).toHaveLength(3)
})

it.each(['', '<html>', '{}', '{"Parameter":{"Value":7}}', 'canary-secret', '{"Parameter":{"Value":"canary-secret'])(
  'takes no answer like %j, and quotes none',
  async (body) => {
    answers = [{ status: 200, body }]
    const error = await loadParameter('p').catch((reason: unknown) => String(reason))
    expect(error).toMatch(/SETTINGS_PARAMETER: p cannot be read \(an answer of status 200 .+\)\.$/)
    expect(error).not.toContain('canary')
  },
)

it('gives the built API its settings, the environment first', async () => {
  const { folder, remove } = unpack('api')
  const { FEED_TOKEN, DYNAMODB_TABLE, DYNAMODB_ENDPOINT, ...kept } = await apiSettings(engine)
  answers = [holding(JSON.stringify({ ...kept, FEED_TOKEN, DYNAMODB_TABLE: 'another-table' }))]
  const instance = spawnInstance(folder, {
    SETTINGS_PARAMETER: '/stellarr/settings',
    SSM_ENDPOINT: url,
    DYNAMODB_TABLE: DYNAMODB_TABLE ?? '',
    DYNAMODB_ENDPOINT: DYNAMODB_ENDPOINT ?? '',
  })
  for (let n = 0; n < 2; n += 1) {
    const answer = await ask(instance, anEvent(`/list/sonarr?token=${FEED_TOKEN}`))
    expect([answer.statusCode, answer.body]).toEqual([200, '[]'])
  }
  expect(calls).toHaveLength(1)
  await instance.stop()
  remove()
})
