import { CLIENT_CALLS, SERVER_PATH_NAMES } from '@stellarr/core/rules'
import { contentSecurityPolicyText } from '@stellarr/http/security-headers'
import { FILE_ENDING } from '@stellarr/http/site-files'
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as CloudFrontFunction,
  Distribution,
  type ErrorResponse,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { FunctionUrlOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { FunctionUrl } from 'aws-cdk-lib/aws-lambda'
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets'
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3'
import { acknowledge } from './nag.ts'

/** A bucket that only the CDN reads. It can be made again from a build, so it goes with its stack. */
export function privateBucket(stack: Stack, id: string, { versioned }: { versioned: boolean }): IBucket {
  const bucket = new Bucket(stack, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned,
    ...(versioned && {
      lifecycleRules: [
        { noncurrentVersionExpiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    }),
    removalPolicy: RemovalPolicy.DESTROY,
  })
  acknowledge(bucket, 'AwsSolutions-S1', 'Only the CDN reads it, public files alone; a log of that says nothing.')
  // Its class says of a field that it may be undefined, its interface that it may be absent.
  return bucket as IBucket
}

/** The headers that the self-hosted app sends with its pages. */
function siteHeaders(stack: Stack): ResponseHeadersPolicy {
  const custom = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Origin-Agent-Cluster': '?1',
    'X-DNS-Prefetch-Control': 'off',
    'X-Download-Options': 'noopen',
    'X-Permitted-Cross-Domain-Policies': 'none',
  }
  return new ResponseHeadersPolicy(stack, 'SiteHeaders', {
    // The CDK's own name would be the same in every region, and the account has one namespace.
    responseHeadersPolicyName: `${stack.stackName}-${stack.region}-site`,
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicyText({ https: true }), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: false, override: true },
      xssProtection: { protection: false, override: true },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(custom).map(([header, value]) => ({ header, value, override: true })),
    },
  })
}

/** Pages of the web app are index.html; it runs before the web bucket alone, so that the API's errors stay its own. */
const PAGES = `function handler(event) {
  var request = event.request
  if (!${String(FILE_ENDING)}.test(request.uri)) request.uri = '/index.html'
  return request
}
`

/**
 * CloudFront keeps errors of this kind for ten seconds even where caching is off, for whoever asks next (developer
 * guide, "Control how long CloudFront caches errors"); the API's are one caller's alone.
 */
const KEEP_NO_ERRORS: ErrorResponse[] = [404, 414, 500, 501, 502, 503, 504].map((httpStatus) => ({
  httpStatus,
  ttl: Duration.seconds(0),
}))

/** The CDN with its three origins; answers the address people open and CloudFront's own domain. */
export function distribution(
  stack: Stack,
  parts: {
    web: IBucket
    trending: IBucket
    api: FunctionUrl
    /** The value of the header by which the API knows its CDN. */
    originSecret: string
    domain: { name: string; zoneId: string; zoneName: string; certificateArn: string } | undefined
    webAclArn: string | undefined
  },
): { url: string; domainName: string } {
  // With the right to list, S3 answers 404 for what is missing. No listing gets out: queries are not passed on, and the
  // root is index.html.
  const originAccessLevels = [AccessLevel.READ, AccessLevel.LIST]
  const LIST = 'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk'
  const originAccessControl = new S3OriginAccessControl(stack, 'BucketAccess', {
    originAccessControlName: `${stack.stackName}-${stack.region}`,
  })
  const bucketOrigin = (bucket: IBucket) =>
    S3BucketOrigin.withOriginAccessControl(bucket, { originAccessControl, originAccessLevels })
  const cached = (id: string, defaultTtl: Duration, maxTtl: Duration) =>
    new CachePolicy(stack, id, {
      minTtl: Duration.seconds(0),
      defaultTtl,
      maxTtl,
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    })
  const headers = siteHeaders(stack)
  const files: Omit<BehaviorOptions, 'origin' | 'cachePolicy'> = {
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    compress: true,
    responseHeadersPolicy: headers,
  }
  const pages = new CloudFrontFunction(stack, 'Pages', {
    runtime: FunctionRuntime.JS_2_0,
    code: FunctionCode.fromInline(PAGES),
    comment: 'Pages of the web app are index.html',
  })
  const hour = Duration.hours(1)
  const siteCache = cached('SiteCache', Duration.days(1), Duration.days(365))
  const api = new FunctionUrlOrigin(parts.api, { customHeaders: { 'x-origin-verify': parts.originSecret } })
  const server: BehaviorOptions = {
    origin: api,
    // No redirect: a client that sends its token in the clear shall notice, not get used to it.
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    // Authorization, X-Api-Key, queries and bodies as they came, and the viewer's address.
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    // It compresses by itself.
    compress: false,
  }
  const ofServer = [
    ...SERVER_PATH_NAMES.flatMap((name) => [`/${name}`, `/${name}/*`]),
    ...CLIENT_CALLS.map((call) => `*${call}*`),
  ]
  const { domain, webAclArn } = parts
  const cdn = new Distribution(stack, 'Cdn', {
    comment: stack.stackName,
    httpVersion: HttpVersion.HTTP2_AND_3,
    defaultBehavior: {
      ...files,
      origin: bucketOrigin(parts.web),
      cachePolicy: siteCache,
      functionAssociations: [{ function: pages, eventType: FunctionEventType.VIEWER_REQUEST }],
    },
    additionalBehaviors: {
      ...Object.fromEntries(ofServer.map((pattern) => [pattern, server])),
      '/trending-*.json': {
        ...files,
        origin: bucketOrigin(parts.trending),
        cachePolicy: cached('TrendingCache', hour, hour),
      },
      // The sample catalogue's, drawn by the API.
      '/posters/*': { ...files, origin: api, cachePolicy: siteCache },
    },
    errorResponses: KEEP_NO_ERRORS,
    ...(domain && {
      domainNames: [domain.name],
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', domain.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    }),
    ...(webAclArn !== undefined && { webAclId: webAclArn }),
  })
  if (domain) {
    const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
      hostedZoneId: domain.zoneId,
      zoneName: domain.zoneName,
    })
    const record = { zone, recordName: domain.name, target: RecordTarget.fromAlias(new CloudFrontTarget(cdn)) }
    new ARecord(stack, 'Alias', record)
    new AaaaRecord(stack, 'AliasV6', record)
  } else
    acknowledge(
      cdn,
      'AwsSolutions-CFR4',
      'Without a domain it has the certificate of CloudFront, whose policy is fixed.',
    )
  acknowledge(cdn, LIST, 'Queries are not passed on, and the root is index.html: no listing gets out.')
  acknowledge(cdn, 'AwsSolutions-CFR1', 'A household travels.')
  if (!webAclArn) acknowledge(cdn, 'AwsSolutions-CFR2', 'A firewall costs more than all else together; --waf adds one.')
  acknowledge(
    cdn,
    'AwsSolutions-CFR3',
    'Plain lists and some webhooks carry their token in the query, which a log would keep.',
  )
  const { distributionDomainName: domainName } = cdn
  return { url: `https://${domain?.name ?? domainName}`, domainName }
}
