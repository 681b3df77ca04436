import { type App, CfnOutput, Stack, Tags } from 'aws-cdk-lib'
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager'
import { HostedZone } from 'aws-cdk-lib/aws-route53'
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import { type Deployment, EDGE_OUTPUTS, EDGE_REGION, edgeStackName } from './deployment.ts'

/** Requests of one address in five minutes; even a media server that tells of a whole new library stays below. */
const RATE_LIMIT = 5_000

/** What an edge stack holds: certificates, by their domains and hosted zones, and maybe a firewall. */
export interface EdgeParts {
  domains: { name: string; zoneId: string }[]
  waf: boolean
}

/** What CloudFront takes from us-east-1 alone: the certificate of a domain, and the firewall. */
export class EdgeStack extends Stack {
  /** @param keeps what its CDN still uses while it is changed to something else */
  constructor(app: App, deployment: Deployment, keeps?: EdgeParts) {
    super(app, edgeStackName(deployment), {
      env: { account: deployment.account, region: EDGE_REGION },
      description: 'Stellarr: what its CDN takes from us-east-1.',
    })
    Tags.of(this).add('stellarr', deployment.name)
    const { domain } = deployment
    if (domain) new CfnOutput(this, EDGE_OUTPUTS.certificateArn, { value: this.#certificate(domain) })
    for (const other of keeps?.domains ?? []) if (other.name !== domain?.name) this.#certificate(other)
    if (deployment.waf || keeps?.waf) new CfnOutput(this, EDGE_OUTPUTS.webAclArn, { value: firewall(this).attrArn })
  }

  /** Each domain's is a resource of its own: the CDN goes from one to the other while both are there. */
  #certificate({ name, zoneId }: EdgeParts['domains'][number]): string {
    const zone = HostedZone.fromHostedZoneId(this, `Zone-${name}`, zoneId)
    const validation = CertificateValidation.fromDns(zone)
    return new Certificate(this, `Certificate-${name}`, { domainName: name, validation }).certificateArn
  }
}

/**
 * No rule looks at bodies: those of AWS refuse what is longer than a form, and a library is.
 * Addresses of ill repute and floods of one address are turned away.
 */
function firewall(stack: Stack): CfnWebACL {
  const visibility = (metricName: string) => ({
    cloudWatchMetricsEnabled: true,
    metricName,
    sampledRequestsEnabled: false,
  })
  return new CfnWebACL(stack, 'Firewall', {
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: visibility('stellarr-firewall'),
    rules: [
      {
        name: 'reputation',
        priority: 0,
        overrideAction: { none: {} },
        statement: {
          managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
        },
        visibilityConfig: visibility('stellarr-reputation'),
      },
      {
        name: 'rate',
        priority: 1,
        action: { block: {} },
        statement: { rateBasedStatement: { limit: RATE_LIMIT, aggregateKeyType: 'IP' } },
        visibilityConfig: visibility('stellarr-rate'),
      },
    ],
  })
}
