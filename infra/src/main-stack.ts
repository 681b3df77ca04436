import { TABLE_DEFINITION } from '@stellarr/storage-dynamo/table'
import { type App, CfnOutput, CfnParameter, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import {
  CERTIFICATE_PARAMETER,
  type Deployment,
  FIREWALL_PARAMETER,
  ORIGIN_PARAMETER,
  OUTPUTS,
  tableName,
} from './deployment.ts'
import { type Artefacts, apiFunction, dailyFunction, pushLayer } from './functions.ts'
import { distribution, privateBucket } from './site.ts'
import { watch } from './watch.ts'

/** Everything but the certificate and the firewall, which lie in the edge stack. */
export class MainStack extends Stack {
  constructor(app: App, deployment: Deployment, artefacts: Artefacts) {
    super(app, deployment.name, {
      env: { account: deployment.account, region: deployment.region },
      description: 'Stellarr: takes requests for movies and series; Radarr and Sonarr read them from its feeds.',
      terminationProtection: false,
    })
    Tags.of(this).add('stellarr', deployment.name)
    const originSecret = new CfnParameter(this, ORIGIN_PARAMETER, {
      noEcho: true,
      minLength: 16,
      description: 'What the CDN proves itself to the API with.',
    })
    const fromEdge = (id: string, description: string) => new CfnParameter(this, id, { description }).valueAsString

    const { partitionKey, sortKey, billingMode, ttlAttribute, pointInTimeRecovery } = TABLE_DEFINITION
    const types = { S: AttributeType.STRING, N: AttributeType.NUMBER }
    const table = new Table(this, 'Table', {
      tableName: tableName(deployment),
      partitionKey: { name: partitionKey.name, type: types[partitionKey.type] },
      sortKey: { name: sortKey.name, type: types[sortKey.type] },
      billingMode: BillingMode[billingMode],
      timeToLiveAttribute: ttlAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const web = privateBucket(this, 'Web', { versioned: true })
    const trending = privateBucket(this, 'Trending', { versioned: false })
    const layer = pushLayer(this, artefacts.layer)
    const api = apiFunction(this, { deployment, table, layer, code: artefacts.api })
    const daily = dailyFunction(this, { deployment, table, layer, trending, code: artefacts.daily })
    const { url, domainName } = distribution(this, {
      web,
      trending,
      api: api.url,
      originSecret: originSecret.valueAsString,
      domain: deployment.domain && {
        ...deployment.domain,
        certificateArn: fromEdge(CERTIFICATE_PARAMETER, 'The certificate of the domain, in us-east-1.'),
      },
      webAclArn: deployment.waf
        ? fromEdge(FIREWALL_PARAMETER, 'The firewall before the CDN, in us-east-1.')
        : undefined,
    })
    watch(this, deployment, { api, daily })

    const outputs: Record<keyof typeof OUTPUTS, string> = {
      url,
      distributionDomain: domainName,
      webBucket: web.bucketName,
      trendingBucket: trending.bucketName,
      apiFunction: api.fn.functionName,
      dailyFunction: daily.fn.functionName,
    }
    for (const [name, id] of Object.entries(OUTPUTS)) {
      new CfnOutput(this, id, { value: outputs[name as keyof typeof OUTPUTS] })
    }
  }
}
