import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  Code,
  type FunctionProps,
  type FunctionUrl,
  FunctionUrlAuthType,
  Function as LambdaFn,
  LayerVersion,
  Runtime,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3'
import { type Deployment, settingsParameter } from './deployment.ts'
import { acknowledge } from './nag.ts'

/** Paths of the built functions and of the layer, as folders or zips. */
export interface Artefacts {
  api: string
  daily: string
  layer: string
}

export interface WatchedFunction {
  fn: LambdaFn
  role: Role
  log: LogGroup
}

interface Common {
  deployment: Deployment
  table: Table
  layer: LayerVersion
  code: string
}

/** What packages/storage-dynamo calls for requests, syncs, settings and sign-in; a scan is for moving house alone. */
const API_TABLE_ACTIONS = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
]
/** What `runDaily` does: lists requests, stores what it learns, and sends push messages that wait. */
const DAILY_TABLE_ACTIONS = API_TABLE_ACTIONS.filter((action) => !action.includes('Batch'))

/** CloudFront gives an origin 30 s; a cold start and the function end before, so that its answer and not a gateway's is read. */
const API_TIMEOUT = Duration.seconds(28)
const DAILY_TIMEOUT = Duration.minutes(15)
const DAILY_MEMORY_MB = 256

/** web-push with its dependencies: its hash, and so its version, changes with their content alone. */
export function pushLayer(stack: Stack, path: string): LayerVersion {
  return new LayerVersion(stack, 'PushLayer', {
    code: Code.fromAsset(path),
    description: 'web-push and what it depends on',
    compatibleRuntimes: [Runtime.NODEJS_24_X],
  })
}

/** A function with a role and a log of its own. */
function ownFunction(
  stack: Stack,
  id: string,
  { deployment, table, layer, code }: Common,
  props: Pick<FunctionProps, 'description' | 'memorySize' | 'timeout' | 'environment'>,
  statements: PolicyStatement[],
): WatchedFunction {
  const log = new LogGroup(stack, `${id}Log`, {
    retention: RetentionDays.TWO_WEEKS,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const parameter = settingsParameter(deployment)
  const role = new Role(stack, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      own: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [log.logGroupArn] }),
          // Decrypting asks for no right of its own: the key policy of aws/ssm lets every principal of the account use it
          // through SSM (KMS developer guide, "AWS managed keys").
          new PolicyStatement({
            actions: ['ssm:GetParameter'],
            resources: [stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: parameter.slice(1) })],
          }),
          ...statements,
        ],
      }),
    },
  })
  const fn = new LambdaFn(stack, id, {
    ...props,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    layers: [layer],
    role,
    logGroup: log,
    environment: { ...props.environment, DYNAMODB_TABLE: table.tableName, SETTINGS_PARAMETER: parameter },
  })
  return { fn, role, log }
}

/** The API behind a Function URL, which answers the CDN alone (its secret header is compared in the function). */
export function apiFunction(stack: Stack, common: Common): WatchedFunction & { url: FunctionUrl } {
  const own = ownFunction(
    stack,
    'Api',
    common,
    { description: 'The API of Stellarr', memorySize: common.deployment.apiMemoryMb, timeout: API_TIMEOUT },
    [new PolicyStatement({ actions: API_TABLE_ACTIONS, resources: [common.table.tableArn] })],
  )
  const url = own.fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE })
  return { ...own, url }
}

/** The daily work, on a schedule, at a quiet hour of most of Europe and America. */
export function dailyFunction(stack: Stack, { trending, ...common }: Common & { trending: IBucket }): WatchedFunction {
  const daily = ownFunction(
    stack,
    'Daily',
    common,
    {
      description: 'The daily work of Stellarr',
      memorySize: DAILY_MEMORY_MB,
      timeout: DAILY_TIMEOUT,
      environment: { TRENDING_S3_BUCKET: trending.bucketName },
    },
    [
      new PolicyStatement({ actions: DAILY_TABLE_ACTIONS, resources: [common.table.tableArn] }),
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [trending.arnForObjects('trending-*.json')] }),
    ],
  )
  const bucketId = stack.getLogicalId(trending.node.defaultChild as CfnBucket)
  acknowledge(
    daily.role,
    `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/trending-*.json]`,
    'It writes the trending files, a dozen of one name, into a bucket that holds nothing else.',
  )
  new Rule(stack, 'DailyRule', {
    description: 'Runs the daily work of Stellarr',
    schedule: Schedule.cron({ hour: '4', minute: '23' }),
    targets: [new LambdaFunction(daily.fn, { retryAttempts: 2, maxEventAge: Duration.hours(2) })],
  })
  return daily
}
