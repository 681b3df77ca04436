import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cacheControlOf, contentTypeOf } from '@stellarr/http/site-files'
import { AwsV4Signer } from 'aws4fetch'
import * as v from 'valibot'
import { ORIGIN_PARAMETER } from '../deployment.ts'
import { type CdnAnswer, createCdn, type Origins } from './cdn.ts'
import { ofType, readCdn, readTemplate, type TemplateShape } from './cdn-template.ts'
import { type FunctionAnswer, functionUrlEvent, ORIGIN_SECRET } from './function-url.ts'
import { type Instance, NOBODY, REGION, spawnInstance } from './instance.ts'
import { instancePool } from './instance-pool.ts'
import { ownServer } from './own-server.ts'
import { type StoredObject, startStandInS3 } from './stand-in-s3.ts'
import { startStandInSsm } from './stand-in-ssm.ts'

/** What a Function URL takes (Lambda quotas, invocation payload). */
const MOST_PAYLOAD = 6 * 1024 * 1024

export interface LocalAwsOptions {
  /** The synthesized main stack, as JSON. */
  template: unknown
  /** Settings as the deployment's parameter holds them; BASE_URL and the origin's secret are added. */
  settings: Record<string, string>
  /** Folders of the unpacked functions. */
  functions: { api: string; refreshTrending: string }
  /** A table that is there, and where its DynamoDB is. */
  table: string
  dynamodbEndpoint: string
  /** The built web app. */
  siteDir: string
  host: string
  port: number
}

export interface LocalAws {
  url: string
  /** Everything that the functions wrote to their logs so far. */
  log(): string
  stop(): Promise<void>
}

const variables = v.looseObject({ Environment: v.looseObject({ Variables: v.record(v.string(), v.unknown()) }) })
const target = v.looseObject({ Arn: v.strictObject({ 'Fn::GetAtt': v.tuple([v.string(), v.literal('Arn')]) }) })

/** The environment that a template gives a function; references are named by `names`. */
function environmentOf(template: TemplateShape, functionId: string, names: Record<string, string>) {
  const { Variables } = v.parse(variables, template.Resources[functionId]?.Properties).Environment
  return Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => {
      const text = typeof value === 'string' ? value : names[v.parse(v.strictObject({ Ref: v.string() }), value).Ref]
      if (text === undefined) throw new Error(`${functionId}: ${name} refers to what is not known here`)
      return [name, text]
    }),
  )
}

/** The function that the daily rule calls. */
function dailyFunction(template: TemplateShape): string {
  const [[, rule] = ['', {}]] = ofType(template, 'AWS::Events::Rule')
  const [first] = v.parse(v.array(target), rule.Targets)
  if (!first) throw new Error('the template has no daily rule')
  return first.Arn['Fn::GetAtt'][0]
}

/** A file of the web app as the deploy command uploads it; undefined when there is none. */
function siteObject(siteDir: string, path: string): StoredObject | undefined {
  const file = join(siteDir, decodeURIComponent(path))
  if (!file.startsWith(join(siteDir, '/')) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined
  const headers = { 'content-type': contentTypeOf(file), 'cache-control': cacheControlOf(file) }
  return { body: readFileSync(file), headers }
}

/**
 * The whole deployment on this machine: the template's CDN and function environments, the built functions, and stand-ins
 * for S3 and SSM.
 * @throws for a template that says of the CDN what is not known here
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const template = readTemplate(options.template)
  const cdn = readCdn(template, { [ORIGIN_PARAMETER]: ORIGIN_SECRET })
  const buckets = ofType(template, 'AWS::S3::Bucket').map(([id]) => id)
  const tables = ofType(template, 'AWS::DynamoDB::Table').map(([id]) => id)
  const names = {
    ...Object.fromEntries(buckets.map((id) => [id, id])),
    ...Object.fromEntries(tables.map((id) => [id, options.table])),
  }
  const s3 = await startStandInS3()
  const web = cdn.behaviours.at(-1)?.origin
  if (web?.kind !== 'bucket') throw new Error('the web app is not where everything else goes')

  const daily = dailyFunction(template)
  let dailyInstance: Instance | undefined
  let dailyRun: Promise<unknown> | undefined
  /** The schedule's first run, as after a deploy; put off until somebody looks at what it makes. */
  const firstDaily = () => {
    dailyInstance ??= spawnInstance(options.functions.refreshTrending, environment(daily))
    dailyRun ??= dailyInstance.invoke({}).catch(() => undefined)
    return dailyRun
  }

  const origins: Origins = {
    async bucket(name, path, headers) {
      // A newer build is uploaded when somebody asks for it.
      const object = name === web.bucket ? siteObject(options.siteDir, path) : undefined
      if (object) s3.objects.set(`/${name}${path}`, object)
      if (name !== web.bucket) await firstDaily()
      return signedGet(`${s3.url}/${name}${path}`, headers)
    },
    async functionUrl(id, request) {
      if (Buffer.byteLength(request.body) * (4 / 3) > MOST_PAYLOAD) return failed(413, 'Request Too Long')
      const answer = await poolOf(id)
        .invoke(functionUrlEvent(request))
        .catch(() => undefined)
      return answer === undefined ? failed(502, 'Internal Server Error') : asAnswer(answer as FunctionAnswer)
    },
  }
  const server = await ownServer(createCdn(cdn, origins), options)
  const { url } = server
  const settings = { BASE_URL: url, ...options.settings, ORIGIN_VERIFY_SECRET: ORIGIN_SECRET }
  const parameter = environmentOf(template, daily, names).SETTINGS_PARAMETER ?? ''
  const ssm = await startStandInSsm(parameter, JSON.stringify(settings))

  const environment = (functionId: string) => ({
    ...environmentOf(template, functionId, names),
    DYNAMODB_ENDPOINT: options.dynamodbEndpoint,
    S3_ENDPOINT: s3.url,
    SSM_ENDPOINT: ssm.url,
  })
  const pools = new Map<string, ReturnType<typeof instancePool>>()
  function poolOf(functionId: string) {
    const known = pools.get(functionId)
    if (known) return known
    const made = instancePool(() => spawnInstance(options.functions.api, environment(functionId)))
    pools.set(functionId, made)
    return made
  }

  return {
    url,
    log: () => [...pools.values()].map((pool) => pool.output()).join('') + (dailyInstance?.output() ?? ''),
    async stop() {
      await server.close()
      await Promise.all([...pools.values()].map((pool) => pool.stop()))
      await dailyInstance?.stop()
      await Promise.all([s3.close(), ssm.close()])
    },
  }
}

const failed = (status: number, message: string): CdnAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ Message: message })),
})

/** What a function answered, as its Function URL sends it. */
function asAnswer({ statusCode, headers = {}, cookies, body = '', isBase64Encoded }: FunctionAnswer): CdnAnswer {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return {
    status: statusCode,
    headers: { ...Object.fromEntries(named), ...(cookies && cookies.length > 0 ? { 'set-cookie': cookies } : {}) },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

/** A GET that the CDN signs for a private bucket. */
async function signedGet(address: string, { 'if-none-match': tag }: Record<string, string>): Promise<CdnAnswer> {
  const signer = new AwsV4Signer({
    ...NOBODY,
    method: 'GET',
    url: address,
    headers: tag === undefined ? {} : { 'if-none-match': tag },
    service: 's3',
    region: REGION,
  })
  const { url, headers } = await signer.sign()
  const response = await fetch(url, { headers })
  const passed = ['content-type', 'cache-control', 'etag'].flatMap((name) => {
    const value = response.headers.get(name)
    return value === null || value === '' ? [] : [[name, value]]
  })
  return {
    status: response.status,
    headers: Object.fromEntries(passed),
    body: Buffer.from(await response.arrayBuffer()),
  }
}
