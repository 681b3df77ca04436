import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { bodyOf, ownServer } from '../../src/local/own-server.ts'
import { type QueryAnswer, type StubWorld, stubCloudFormation } from './stub-cloudformation.ts'

const ACCOUNT = '111111111111'
const READING = /^(Get|List|Describe|Head)/

/** One call that came in. */
export interface StubCall {
  service: string
  operation: string
  region: string
  /** What was sent, for tests that look for what must not be in it. */
  text: string
}

interface StubAnswer {
  status: number
  type: string
  body: string
  etag?: string
  cache?: string | undefined
}

interface Call extends StubCall {
  req: IncomingMessage
  url: URL
  body: Buffer
}

const json = (value: unknown, status = 200) => ({
  status,
  type: 'application/x-amz-json-1.1',
  body: JSON.stringify(value),
})
const xml = ({ status, xml: body }: QueryAnswer) => ({ status, type: 'text/xml', body })
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** An account of AWS with nothing in it but the CDK's bootstrap, as far as the deploy command and the CDK use it. */
export async function startStubAws(dynamodbEndpoint: string) {
  const world: StubWorld = { buckets: new Map(), tables: new Set(), dynamodbEndpoint, url: '', failing: undefined }
  const parameters = new Map<string, { value: string; type: string }>()
  const bootstrapped = new Set(['eu-central-1', 'us-east-1'])
  const zones = new Map([['example.org', 'Z0123456789']])
  const calls: StubCall[] = []
  const refused = new Map<string, { code: string; status: number }>()
  const cloudFormation = stubCloudFormation(world)
  for (const region of bootstrapped) world.buckets.set(`cdk-hnb659fds-assets-${ACCOUNT}-${region}`, new Map())

  function ssm({ operation, region, body }: Call) {
    const { Name = '', Value = '', Type = '' } = JSON.parse(body.toString()) as Record<string, string>
    const missing = json({ __type: 'ParameterNotFound', message: `${Name} is not there` }, 400)
    if (Name.startsWith('/cdk-bootstrap/')) {
      return bootstrapped.has(region) ? json({ Parameter: { Name, Type: 'String', Value: '30' } }) : missing
    }
    const known = parameters.get(Name)
    if (operation === 'PutParameter') {
      if (Buffer.byteLength(Value) > 4_096) return json({ __type: 'ValidationException', message: 'too long' }, 400)
      parameters.set(Name, { value: Value, type: Type })
      return json({ Version: 1, Tier: 'Standard' })
    }
    if (!known) return missing
    if (operation === 'DeleteParameter') {
      parameters.delete(Name)
      return json({})
    }
    return json({ Parameter: { Name, Type: known.type, Value: known.value } })
  }

  function sts({ operation }: Call) {
    const identity = `<Arn>arn:aws:iam::${ACCOUNT}:user/ann</Arn><UserId>A</UserId><Account>${ACCOUNT}</Account>`
    const role = `<Credentials><AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>assumed</SecretAccessKey><SessionToken>assumed</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::${ACCOUNT}:assumed-role/a/b</Arn><AssumedRoleId>A:b</AssumedRoleId></AssumedRoleUser>`
    const inner = operation === 'AssumeRole' ? role : identity
    return xml({
      status: 200,
      xml: `<${operation}Response><${operation}Result>${inner}</${operation}Result></${operation}Response>`,
    })
  }

  function s3({ req, url, body, operation }: Call) {
    const [, bucketName = '', ...rest] = decodeURIComponent(url.pathname).split('/')
    const key = rest.join('/')
    const bucket = world.buckets.get(bucketName)
    const noBucket = {
      status: 404,
      type: 'application/xml',
      body: '<Error><Code>NoSuchBucket</Code><Message>no bucket</Message></Error>',
    }
    if (!bucket) return noBucket
    const etag = (of: Buffer) => `"${createHash('md5').update(of).digest('hex')}"`
    const rows = (inner: (name: string, of: Buffer) => string) =>
      [...bucket].map(([name, { body: of }]) => inner(escaped(name), of)).join('')
    const page = (of: string) => ({ status: 200, type: 'application/xml', body: of })
    switch (operation) {
      case 'ListObjectsV2': {
        const inner = rows(
          (name, of) => `<Contents><Key>${name}</Key><ETag>${etag(of)}</ETag><Size>${of.length}</Size></Contents>`,
        )
        return page(
          `<ListBucketResult><Name>${bucketName}</Name><IsTruncated>false</IsTruncated>${inner}</ListBucketResult>`,
        )
      }
      case 'ListObjectVersions': {
        const inner = rows((name) => `<Version><Key>${name}</Key><VersionId>v1</VersionId></Version>`)
        return page(`<ListVersionsResult><IsTruncated>false</IsTruncated>${inner}</ListVersionsResult>`)
      }
      case 'GetBucketLocation':
        return page('<LocationConstraint>eu-central-1</LocationConstraint>')
      case 'GetBucketEncryption':
        return {
          status: 404,
          type: 'application/xml',
          body: '<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code></Error>',
        }
      case 'DeleteObjects':
        for (const [, name = ''] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g))
          bucket.delete(name.replaceAll('&amp;', '&'))
        return page('<DeleteResult/>')
      case 'PutObject': {
        const { 'content-type': type, 'cache-control': cache, 'x-amz-decoded-content-length': decoded } = req.headers
        const content = decoded === undefined ? body : unchunked(body)
        bucket.set(key, { body: content, headers: { type, cache } })
        return { ...page(''), etag: etag(content) }
      }
      case 'GetObject':
      case 'HeadObject': {
        const found = bucket.get(key)
        if (!found) return { ...noBucket, body: '<Error><Code>NoSuchKey</Code></Error>' }
        const { type = 'application/octet-stream', cache } = found.headers
        const isHead = operation === 'HeadObject'
        return { status: 200, type, cache, etag: etag(found.body), body: isHead ? '' : found.body.toString() }
      }
      default:
        return {
          status: 501,
          type: 'application/xml',
          body: `<Error><Code>NotImplemented</Code><Message>${operation}</Message></Error>`,
        }
    }
  }

  function route53({ url, operation }: Call) {
    if (operation === 'GetHostedZone') {
      const servers = ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com'].map((name) => `<NameServer>${name}</NameServer>`)
      return {
        status: 200,
        type: 'text/xml',
        body: `<GetHostedZoneResponse><HostedZone><Id>Z</Id><Name>a.</Name><CallerReference>a</CallerReference></HostedZone><DelegationSet><NameServers>${servers.join('')}</NameServers></DelegationSet></GetHostedZoneResponse>`,
      }
    }
    const asked = (url.searchParams.get('dnsname') ?? '').replace(/\.$/, '')
    const found = [...zones].filter(([name]) => name >= asked).sort()
    const inner = found.map(
      ([name, zone]) =>
        `<HostedZone><Id>/hostedzone/${zone}</Id><Name>${name}.</Name><CallerReference>a</CallerReference><Config><PrivateZone>false</PrivateZone></Config></HostedZone>`,
    )
    return {
      status: 200,
      type: 'text/xml',
      body: `<ListHostedZonesByNameResponse><HostedZones>${inner.join('')}</HostedZones><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesByNameResponse>`,
    }
  }

  async function dynamodb({ req, body, operation }: Call) {
    // The local engines know no protection.
    const { TableName = '' } = JSON.parse(body.toString()) as Record<string, string>
    if (operation === 'UpdateTable') return json({ TableDescription: {} })
    if (operation === 'DeleteTable') world.tables.delete(TableName)
    const { 'x-amz-target': target = '', 'x-amz-date': date = '', authorization = '' } = req.headers
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': String(target),
      'x-amz-date': String(date),
      authorization,
    }
    const answer = await fetch(dynamodbEndpoint, { method: 'POST', headers, body: new Uint8Array(body) })
    return { status: answer.status, type: 'application/x-amz-json-1.0', body: await answer.text() }
  }

  function lambda(call: Call) {
    const name = /functions\/([^/]+)/.exec(call.url.pathname)?.[1] ?? ''
    const bucket = world.buckets.get(name.replace(/-daily$/, '-trending'))
    bucket?.set('trending-all-en.json', { body: Buffer.from('{}'), headers: {} })
    return json({})
  }

  async function answerOf(call: Call): Promise<StubAnswer> {
    const no = refused.get(`${call.service}:${call.operation}`)
    if (no) {
      const message = `User: arn:aws:iam::${ACCOUNT}:user/ann is not authorized to perform: ${call.service}:${call.operation}`
      if (call.service === 'ssm' || call.service === 'dynamodb') return json({ __type: no.code, message }, no.status)
      return {
        status: no.status,
        type: 'text/xml',
        body: `<ErrorResponse><Error><Code>${no.code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      }
    }
    switch (call.service) {
      case 'ssm':
        return ssm(call)
      case 'sts':
        return sts(call)
      case 's3':
        return s3(call)
      case 'cloudformation':
        return xml(await cloudFormation.answer(call.region, new URLSearchParams(call.body.toString())))
      case 'route53':
        return route53(call)
      case 'lambda':
        return lambda(call)
      case 'dynamodb':
        return dynamodb(call)
      default:
        return { status: 501, type: 'text/plain', body: `the stub does not know ${call.service}` }
    }
  }

  const server = await ownServer(async (req, res) => {
    const body = await bodyOf(req)
    const url = new URL(req.url ?? '/', 'http://stub')
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(req.headers.authorization ?? '')
    if (!scope) return void res.end('{"status":"healthy"}')
    const [, region = '', service = ''] = scope
    const operation = operationOf(service, req, url, body)
    const call: Call = { service, operation, region, text: `${req.url} ${body}`, req, url, body }
    calls.push({ service, operation, region, text: call.text })
    const answer = await answerOf(call).catch(
      (error: unknown): StubAnswer => ({
        status: 500,
        type: 'text/plain',
        body: String(error),
      }),
    )
    res.writeHead(answer.status, {
      'content-type': answer.type,
      'x-amzn-requestid': 'a',
      ...(answer.etag !== undefined && { etag: answer.etag }),
      ...(answer.cache !== undefined && { 'cache-control': answer.cache }),
    })
    res.end(req.method === 'HEAD' ? undefined : answer.body)
  })
  world.url = server.url
  return {
    ...world,
    world,
    ...server,
    parameters,
    bootstrapped,
    calls,
    stacks: cloudFormation.stacks,
    /** Calls that change something. */
    writes: () => calls.filter(({ operation, service }) => !READING.test(operation) && service !== 'sts'),
    /** Refuses an operation (`ssm:PutParameter`) with an error of AWS's from now on. */
    refuse: (operation: string, code: string, status = 400) => refused.set(operation, { code, status }),
    allowAll: () => refused.clear(),
  }
}
export type StubAws = Awaited<ReturnType<typeof startStubAws>>

/** The name of an operation, by the protocol of its service. */
function operationOf(service: string, req: IncomingMessage, url: URL, body: Buffer): string {
  const target = req.headers['x-amz-target']
  if (typeof target === 'string') return target.split('.').at(-1) ?? ''
  if (service === 'lambda') return 'Invoke'
  if (service === 'route53')
    return url.pathname.endsWith('/hostedzonesbyname') ? 'ListHostedZonesByName' : 'GetHostedZone'
  if (service !== 's3') return new URLSearchParams(body.toString()).get('Action') ?? ''
  const isBucket = url.pathname.split('/').filter((part) => part !== '').length === 1
  const has = (name: string) => url.searchParams.has(name)
  if (req.method === 'POST' && has('delete')) return 'DeleteObjects'
  if (req.method === 'PUT') return 'PutObject'
  if (req.method === 'HEAD') return isBucket ? 'HeadBucket' : 'HeadObject'
  if (!isBucket) return 'GetObject'
  if (has('versions')) return 'ListObjectVersions'
  if (has('location')) return 'GetBucketLocation'
  if (has('encryption')) return 'GetBucketEncryption'
  return 'ListObjectsV2'
}

/** The content of a body that the SDK sends in signed chunks with a checksum behind (`aws-chunked`). */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.subarray(at, end).toString().split(';')[0] ?? '', 16)
    if (!(size > 0)) return Buffer.concat(parts)
    parts.push(body.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
