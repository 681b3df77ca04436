import { createApp } from '@stellarr/http'
import { eachSender } from '@stellarr/http/settings'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cdn, readCdn, readTemplate } from '../src/local/cdn-template.ts'
import { FULL, only, PLAIN, synthesizeWith } from './synthesized.ts'

let plain: ReturnType<typeof synthesizeWith>
let full: ReturnType<typeof synthesizeWith>
let main: Template
let cdn: Cdn

beforeAll(() => {
  plain = synthesizeWith(PLAIN)
  full = synthesizeWith(FULL)
  main = Template.fromJSON(plain.main)
  cdn = readCdn(readTemplate(plain.main), { OriginVerifySecret: 'a-secret-of-the-tests' })
}, 60_000)
afterAll(() => {
  plain.remove()
  full.remove()
})

const behaviour = (pattern: string) => {
  const found = cdn.behaviours.find((one) => one.pattern === pattern)
  if (!found) throw new Error(`no behaviour ${pattern}`)
  return found
}

describe('the CDN', () => {
  const SERVER = ['api', 'list', 'radarr', 'sonarr', 'lidarr', 'rss', 'webhook', 'sync']

  const PATTERNS = [...SERVER.flatMap((name) => [`/${name}`, `/${name}/*`]), '*/api/v1/*', '*/api/v3/*']

  it.each(PATTERNS)('gives %s to the API whole and keeps nothing', (pattern) => {
    expect(behaviour(pattern)).toEqual({
      pattern,
      origin: {
        kind: 'function',
        functionId: expect.stringMatching(/^Api/),
        headers: { 'x-origin-verify': 'a-secret-of-the-tests' },
      },
      methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
      compress: false,
      cache: { minTtl: 0, defaultTtl: 0, maxTtl: 0, compresses: false },
      request: { headers: 'all-but-host', query: true, cookies: true },
      responseHeaders: {},
      viewerRequest: undefined,
    })
  })

  it('never lets a token travel on after a call in the clear, and leads people to https', () => {
    const { DistributionConfig } = only(main, 'AWS::CloudFront::Distribution') as {
      DistributionConfig: { CacheBehaviors: { PathPattern: string; ViewerProtocolPolicy: string }[] }
    }
    for (const { PathPattern, ViewerProtocolPolicy } of DistributionConfig.CacheBehaviors) {
      const isServer = PATTERNS.includes(PathPattern)
      expect([PathPattern, ViewerProtocolPolicy]).toEqual([PathPattern, isServer ? 'https-only' : 'redirect-to-https'])
    }
  })

  it('keeps trending files an hour, and pages as long as they say', () => {
    expect(behaviour('/trending-*.json')).toMatchObject({
      origin: { kind: 'bucket', bucket: expect.stringMatching(/^Trending/), mayList: true },
      methods: ['GET', 'HEAD'],
      cache: { minTtl: 0, defaultTtl: 3600, maxTtl: 3600 },
      viewerRequest: undefined,
    })
    expect(behaviour('*')).toMatchObject({
      origin: { kind: 'bucket', bucket: expect.stringMatching(/^Web/), mayList: true },
      methods: ['GET', 'HEAD'],
      cache: { minTtl: 0 },
      request: { headers: 'none', query: false, cookies: false },
    })
    expect(behaviour('/posters/*')).toMatchObject({ origin: { kind: 'function' }, methods: ['GET', 'HEAD'] })
  })

  it('leaves the API’s errors as they are, and keeps none of them for the next who asks', () => {
    main.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        CustomErrorResponses: [404, 414, 500, 501, 502, 503, 504].map((ErrorCode) => ({
          ErrorCode,
          ErrorCachingMinTTL: 0,
        })),
      },
    })
    expect(cdn.behaviours.filter((one) => one.viewerRequest !== undefined).map((one) => one.pattern)).toEqual(['*'])
  })

  it('sends with pages what the self-hosted app sends over https', async () => {
    // Nothing of the use cases is asked: an unknown path is answered with the headers alone.
    const app = createApp({} as Parameters<typeof createApp>[0], {
      ...({} as Parameters<typeof createApp>[1]),
      baseUrls: ['https://films.example.org'],
      trustedProxies: [],
      tokens: { feed: [], sync: [], ...eachSender(() => []) },
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    })
    const server = app.listen(0)
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { headers } = await fetch(`http://127.0.0.1:${port}/nothing.txt`)
    server.close()
    const own = [
      'connection',
      'content-length',
      'content-type',
      'date',
      'keep-alive',
      'cache-control',
      'vary',
      'x-request-id',
    ]
    const sent = [...headers].filter(([name]) => !own.includes(name))
    const ours = Object.entries(behaviour('*').responseHeaders).map(([name, { value }]) => [name, value])
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(sent))
    expect(Object.values(behaviour('*').responseHeaders).every(({ override }) => override)).toBe(true)
  })

  it('speaks HTTP/3 and IPv6, and with a domain TLS 1.2 and newer alone', () => {
    main.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { HttpVersion: 'http2and3', IPV6Enabled: true, ViewerCertificate: Match.absent() },
    })
    const own = Template.fromJSON(full.main)
    own.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['films.example.org'],
        ViewerCertificate: {
          AcmCertificateArn: { Ref: 'EdgeCertificateArn' },
          MinimumProtocolVersion: 'TLSv1.2_2021',
          SslSupportMethod: 'sni-only',
        },
        WebACLId: { Ref: 'EdgeWebAclArn' },
      },
    })
    for (const Type of ['A', 'AAAA']) {
      own.hasResourceProperties('AWS::Route53::RecordSet', {
        Type,
        Name: 'films.example.org.',
        HostedZoneId: 'Z0123456789',
      })
    }
  })
})

describe('the edge stack', () => {
  it('is made for a domain or a firewall alone', () => {
    expect(plain.edge).toBeUndefined()
    expect(full.edge).toBeDefined()
  })

  it('has a certificate proved by DNS, and a firewall that looks at no body', () => {
    const edge = Template.fromJSON(full.edge ?? {})
    edge.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'films.example.org',
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'films.example.org', HostedZoneId: 'Z0123456789' }],
    })
    edge.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'CLOUDFRONT',
      DefaultAction: { Allow: {} },
      Rules: [
        Match.objectLike({
          Statement: {
            ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesAmazonIpReputationList' },
          },
        }),
        Match.objectLike({
          Action: { Block: {} },
          Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 5000 } },
        }),
      ],
    })
    edge.hasOutput('CertificateArn', {})
    edge.hasOutput('WebAclArn', {})
  })
})
