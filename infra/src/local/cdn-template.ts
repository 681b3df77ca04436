import * as v from 'valibot'
import {
  type CachePolicy,
  MANAGED_CACHE_POLICIES,
  MANAGED_REQUEST_POLICIES,
  type RequestPolicy,
} from './managed-policies.ts'

/**
 * Reads what a synthesized template says about the CDN. Whatever it says that is not known here stops the reading: a
 * laptop's CDN that passed over a setting would prove nothing.
 */
export interface Cdn {
  /** In the order in which they are tried; the default one last, with the pattern `*`. */
  behaviours: Behaviour[]
  /** How long an origin's error of this status is kept, ms; undefined where the distribution leaves it to CloudFront. */
  errorMs(status: number): number | undefined
}

export interface Behaviour {
  pattern: string
  origin: Origin
  methods: string[]
  compress: boolean
  cache: CachePolicy
  request: RequestPolicy
  responseHeaders: Record<string, { value: string; override: boolean }>
  /** The code of a function that runs on each viewer's request. */
  viewerRequest: string | undefined
}

export type Origin =
  /** A bucket, by its logical id; without the right to list, a missing object is a 403. */
  | { kind: 'bucket'; bucket: string; mayList: boolean }
  /** A Lambda function's URL, by the function's logical id, with headers that the CDN adds. */
  | { kind: 'function'; functionId: string; headers: Record<string, string> }

const resource = v.looseObject({ Type: v.string(), Properties: v.optional(v.record(v.string(), v.unknown()), {}) })
const templateShape = v.looseObject({ Resources: v.record(v.string(), resource) })
export type TemplateShape = v.InferOutput<typeof templateShape>

/** A CloudFormation template as JSON. Throws for anything else. */
export const readTemplate = (template: unknown): TemplateShape => v.parse(templateShape, template)

/** The resources of a type by logical id. */
export const ofType = (template: TemplateShape, type: string): [string, Record<string, unknown>][] =>
  Object.entries(template.Resources).flatMap(([id, one]) => (one.Type === type ? [[id, one.Properties]] : []))

const ref = v.strictObject({ Ref: v.string() })
const attribute = v.strictObject({ 'Fn::GetAtt': v.tuple([v.string(), v.string()]) })
/** The host of a Function URL: its third part by slashes. */
const hostOfUrl = v.strictObject({
  'Fn::Select': v.tuple([v.literal(2), v.strictObject({ 'Fn::Split': v.tuple([v.literal('/'), attribute]) })]),
})

const behaviourShape = v.strictObject({
  AllowedMethods: v.optional(v.array(v.string()), ['GET', 'HEAD']),
  CachedMethods: v.optional(v.array(v.string())),
  CachePolicyId: v.union([v.string(), ref]),
  Compress: v.optional(v.boolean(), false),
  FunctionAssociations: v.optional(
    v.array(v.strictObject({ EventType: v.literal('viewer-request'), FunctionARN: attribute })),
    [],
  ),
  OriginRequestPolicyId: v.optional(v.string()),
  PathPattern: v.optional(v.string(), '*'),
  ResponseHeadersPolicyId: v.optional(ref),
  TargetOriginId: v.string(),
  /** The laptop's line stands for https: nothing to redirect. */
  ViewerProtocolPolicy: v.picklist(['redirect-to-https', 'https-only']),
})

const originShape = v.strictObject({
  Id: v.string(),
  DomainName: v.union([attribute, hostOfUrl]),
  S3OriginConfig: v.optional(v.strictObject({ OriginAccessIdentity: v.literal('') })),
  OriginAccessControlId: v.optional(attribute),
  CustomOriginConfig: v.optional(v.looseObject({ OriginProtocolPolicy: v.literal('https-only') })),
  OriginCustomHeaders: v.optional(
    v.array(v.strictObject({ HeaderName: v.string(), HeaderValue: v.union([v.string(), ref]) })),
    [],
  ),
})

const distributionShape = v.strictObject({
  Aliases: v.optional(v.array(v.string())),
  CacheBehaviors: v.optional(v.array(behaviourShape), []),
  Comment: v.optional(v.string()),
  /** Only for how long errors are kept: a page in place of an answer would hide the API's own. */
  CustomErrorResponses: v.optional(
    v.array(v.strictObject({ ErrorCode: v.number(), ErrorCachingMinTTL: v.number() })),
    [],
  ),
  DefaultCacheBehavior: behaviourShape,
  Enabled: v.literal(true),
  HttpVersion: v.optional(v.string()),
  IPV6Enabled: v.optional(v.boolean()),
  Origins: v.array(originShape),
  PriceClass: v.optional(v.string()),
  ViewerCertificate: v.optional(v.unknown()),
  WebACLId: v.optional(v.unknown()),
})

const responsePolicyShape = v.strictObject({
  Comment: v.optional(v.string()),
  Name: v.unknown(),
  CustomHeadersConfig: v.optional(
    v.strictObject({
      Items: v.array(v.strictObject({ Header: v.string(), Value: v.string(), Override: v.boolean() })),
    }),
  ),
  SecurityHeadersConfig: v.optional(
    v.strictObject({
      ContentSecurityPolicy: v.optional(v.strictObject({ ContentSecurityPolicy: v.string(), Override: v.boolean() })),
      ContentTypeOptions: v.optional(v.strictObject({ Override: v.boolean() })),
      FrameOptions: v.optional(v.strictObject({ FrameOption: v.string(), Override: v.boolean() })),
      ReferrerPolicy: v.optional(v.strictObject({ ReferrerPolicy: v.string(), Override: v.boolean() })),
      StrictTransportSecurity: v.optional(
        v.strictObject({
          AccessControlMaxAgeSec: v.number(),
          IncludeSubdomains: v.optional(v.boolean()),
          Preload: v.optional(v.boolean()),
          Override: v.boolean(),
        }),
      ),
      XSSProtection: v.optional(
        v.strictObject({ Protection: v.boolean(), ModeBlock: v.optional(v.boolean()), Override: v.boolean() }),
      ),
    }),
  ),
})

const cachePolicyShape = v.strictObject({
  Comment: v.optional(v.string()),
  Name: v.unknown(),
  DefaultTTL: v.number(),
  MaxTTL: v.number(),
  MinTTL: v.number(),
  ParametersInCacheKeyAndForwardedToOrigin: v.strictObject({
    CookiesConfig: v.strictObject({ CookieBehavior: v.literal('none') }),
    EnableAcceptEncodingBrotli: v.optional(v.boolean(), false),
    EnableAcceptEncodingGzip: v.boolean(),
    HeadersConfig: v.strictObject({ HeaderBehavior: v.literal('none') }),
    QueryStringsConfig: v.strictObject({ QueryStringBehavior: v.literal('none') }),
  }),
})

/**
 * The CDN of a template.
 * @param parameters values of the template's parameters
 * @throws for a template without exactly one distribution, or with one that says what is not known here
 */
export function readCdn(template: TemplateShape, parameters: Record<string, string>): Cdn {
  const [distribution, ...others] = ofType(template, 'AWS::CloudFront::Distribution')
  if (!distribution || others.length > 0) throw new Error('the template has not exactly one distribution')
  const config = v.parse(distributionShape, distribution[1].DistributionConfig)
  const properties = (id: string, type: string) => {
    const found = template.Resources[id]
    if (found?.Type !== type) throw new Error(`${id} is no ${type}`)
    return found.Properties
  }

  const origins = Object.fromEntries(
    config.Origins.map((origin): [string, Origin] => {
      if ('Fn::GetAtt' in origin.DomainName) {
        const [bucket] = origin.DomainName['Fn::GetAtt']
        properties(bucket, 'AWS::S3::Bucket')
        if (!origin.S3OriginConfig || !origin.OriginAccessControlId) throw new Error(`${origin.Id} is open to all`)
        return [origin.Id, { kind: 'bucket', bucket, mayList: mayList(template, bucket) }]
      }
      const [urlId] = origin.DomainName['Fn::Select'][1]['Fn::Split'][1]['Fn::GetAtt']
      const { TargetFunctionArn } = properties(urlId, 'AWS::Lambda::Url')
      const [functionId] = v.parse(attribute, TargetFunctionArn)['Fn::GetAtt']
      const headers = origin.OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => {
        const value = typeof HeaderValue === 'string' ? HeaderValue : parameters[HeaderValue.Ref]
        if (value === undefined) throw new Error(`${HeaderName} comes from a parameter that is not given`)
        return [HeaderName.toLowerCase(), value]
      })
      return [origin.Id, { kind: 'function', functionId, headers: Object.fromEntries(headers) }]
    }),
  )

  const cacheOf = (id: string | { Ref: string }): CachePolicy => {
    if (typeof id === 'string') {
      const managed = MANAGED_CACHE_POLICIES[id]
      if (!managed) throw new Error(`the cache policy ${id} is not known`)
      return managed
    }
    const policy = v.parse(cachePolicyShape, properties(id.Ref, 'AWS::CloudFront::CachePolicy').CachePolicyConfig)
    const { EnableAcceptEncodingGzip } = policy.ParametersInCacheKeyAndForwardedToOrigin
    const { MinTTL: minTtl, DefaultTTL: defaultTtl, MaxTTL: maxTtl } = policy
    return { minTtl, defaultTtl, maxTtl, compresses: EnableAcceptEncodingGzip }
  }

  const behaviourOf = (one: v.InferOutput<typeof behaviourShape>): Behaviour => {
    const origin = origins[one.TargetOriginId]
    if (!origin) throw new Error(`${one.PathPattern} has no origin`)
    const request =
      one.OriginRequestPolicyId === undefined ? NOTHING : MANAGED_REQUEST_POLICIES[one.OriginRequestPolicyId]
    if (!request) throw new Error(`the origin request policy ${one.OriginRequestPolicyId} is not known`)
    const headersId = one.ResponseHeadersPolicyId?.Ref
    const [association] = one.FunctionAssociations
    const code =
      association && functionCode(properties(association.FunctionARN['Fn::GetAtt'][0], 'AWS::CloudFront::Function'))
    return {
      pattern: one.PathPattern,
      origin,
      methods: one.AllowedMethods,
      compress: one.Compress,
      cache: cacheOf(one.CachePolicyId),
      request,
      responseHeaders:
        headersId === undefined
          ? {}
          : responseHeaders(
              properties(headersId, 'AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig,
            ),
      viewerRequest: code,
    }
  }
  const errorTimes = new Map(
    config.CustomErrorResponses.map(({ ErrorCode, ErrorCachingMinTTL }) => [ErrorCode, ErrorCachingMinTTL * 1000]),
  )
  return {
    behaviours: [...config.CacheBehaviors, config.DefaultCacheBehavior].map(behaviourOf),
    errorMs: (status) => errorTimes.get(status),
  }
}

const NOTHING: RequestPolicy = { headers: 'none', query: false, cookies: false }

const functionCode = ({ FunctionCode }: Record<string, unknown>): string => v.parse(v.string(), FunctionCode)

const statementShape = v.looseObject({ Action: v.union([v.string(), v.array(v.string())]), Principal: v.unknown() })
const policyShape = v.looseObject({ Statement: v.array(statementShape) })

/** Whether the bucket's policy lets CloudFront list: S3 tells it then that an object is missing. */
function mayList(template: TemplateShape, bucket: string): boolean {
  return ofType(template, 'AWS::S3::BucketPolicy').some(
    ([, { Bucket, PolicyDocument }]) =>
      v.is(ref, Bucket) &&
      Bucket.Ref === bucket &&
      v
        .parse(policyShape, PolicyDocument)
        .Statement.some(
          ({ Action, Principal }) =>
            [Action].flat().includes('s3:ListBucket') && JSON.stringify(Principal).includes('cloudfront.amazonaws.com'),
        ),
  )
}

/** A policy of response headers as headers (CloudFront developer guide, "Understand response headers policies"). */
function responseHeaders(config: unknown): Behaviour['responseHeaders'] {
  const { SecurityHeadersConfig: security = {}, CustomHeadersConfig: custom } = v.parse(responsePolicyShape, config)
  const headers: Behaviour['responseHeaders'] = {}
  const { ContentSecurityPolicy: csp, StrictTransportSecurity: hsts, XSSProtection: xss } = security
  const { ContentTypeOptions: types, FrameOptions: frame, ReferrerPolicy: referrer } = security
  if (csp) headers['content-security-policy'] = { value: csp.ContentSecurityPolicy, override: csp.Override }
  if (types) headers['x-content-type-options'] = { value: 'nosniff', override: types.Override }
  if (frame) headers['x-frame-options'] = { value: frame.FrameOption, override: frame.Override }
  if (referrer) headers['referrer-policy'] = { value: referrer.ReferrerPolicy, override: referrer.Override }
  if (hsts) {
    const value = [
      `max-age=${hsts.AccessControlMaxAgeSec}`,
      ...(hsts.IncludeSubdomains ? ['includeSubDomains'] : []),
      ...(hsts.Preload ? ['preload'] : []),
    ].join('; ')
    headers['strict-transport-security'] = { value, override: hsts.Override }
  }
  if (xss) {
    headers['x-xss-protection'] = {
      value: xss.Protection ? `1${xss.ModeBlock ? '; mode=block' : ''}` : '0',
      override: xss.Override,
    }
  }
  for (const { Header, Value, Override } of custom?.Items ?? []) {
    headers[Header.toLowerCase()] = { value: Value, override: Override }
  }
  return headers
}
