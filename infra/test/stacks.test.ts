import { TRENDING_KEPT } from '@stellarr/core'
import { TABLE_DEFINITION } from '@stellarr/storage-dynamo/table'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ALARMS, DAILY_MEMORY_MB, LOG_DAYS, LOG_FILTER_COUNT } from '../src/cost/quantities.ts'
import { HAS } from '../src/cost/scale.ts'
import { OUTPUTS } from '../src/deployment.ts'
import { LOG_FILTERS } from '../src/watch.ts'
import { FULL, filesOf, only, PLAIN, synthesizeWith } from './synthesized.ts'

let plain: ReturnType<typeof synthesizeWith>
let full: ReturnType<typeof synthesizeWith>
let main: Template

beforeAll(() => {
  plain = synthesizeWith(PLAIN)
  full = synthesizeWith(FULL)
  main = Template.fromJSON(plain.main)
}, 60_000)
afterAll(() => {
  plain.remove()
  full.remove()
})

interface Statement {
  Action: string | string[]
  Resource: unknown
}
const statementsOf = (role: string): Statement[] => {
  const { Policies } = only(main, 'AWS::IAM::Role', role) as {
    Policies: { PolicyDocument: { Statement: Statement[] } }[]
  }
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
}

describe('the table', () => {
  it('is the one that tests and dynamodb:create know, on demand, with expiry and recovery to the second', () => {
    main.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'stellarr',
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        KeySchema: [
          { AttributeName: TABLE_DEFINITION.partitionKey.name, KeyType: 'HASH' },
          { AttributeName: TABLE_DEFINITION.sortKey.name, KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: TABLE_DEFINITION.ttlAttribute, Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    })
  })
})

describe('the functions', () => {
  it('run Node 24 on arm64, the API with 512 MB and less time than CloudFront gives it, the daily work with 256 MB', () => {
    const both = { Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' }
    main.hasResourceProperties('AWS::Lambda::Function', { ...both, MemorySize: 512, Timeout: 28 })
    main.hasResourceProperties('AWS::Lambda::Function', { ...both, MemorySize: 256, Timeout: 900 })
    main.resourceCountIs('AWS::Lambda::Function', 2)
  })

  it('carry no setting but the names of the table, the parameter and the bucket', () => {
    const names = Object.values(main.findResources('AWS::Lambda::Function')).map((one) =>
      Object.keys(one.Properties.Environment.Variables).sort(),
    )
    expect(names).toEqual([
      ['DYNAMODB_TABLE', 'SETTINGS_PARAMETER'],
      ['DYNAMODB_TABLE', 'SETTINGS_PARAMETER', 'TRENDING_S3_BUCKET'],
    ])
  })

  it('may do what they need on one table, one parameter and their own log, and nothing else', () => {
    const table = { 'Fn::GetAtt': [expect.stringMatching(/^Table/), 'Arn'] }
    const parameter = {
      'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/parameter\/stellarr\/settings$/)])],
    }
    const log = (name: string) => ({ 'Fn::GetAtt': [expect.stringMatching(`^${name}Log`), 'Arn'] })
    const dynamo = ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map((action) => `dynamodb:${action}`)
    expect(statementsOf('ApiRole')).toMatchObject([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: log('Api') },
      { Action: 'ssm:GetParameter', Resource: parameter },
      { Action: ['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', ...dynamo], Resource: table },
    ])
    expect(statementsOf('DailyRole')).toMatchObject([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: log('Daily') },
      { Action: 'ssm:GetParameter', Resource: parameter },
      { Action: dynamo, Resource: table },
      {
        Action: 's3:PutObject',
        Resource: {
          'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^Trending/), 'Arn'] }, '/trending-*.json']],
        },
      },
    ])
    for (const role of Object.values(main.findResources('AWS::IAM::Role'))) {
      expect(role.Properties.ManagedPolicyArns).toBeUndefined()
    }
    main.resourceCountIs('AWS::IAM::Policy', 0)
  })

  it('are called through the Function URL by both permissions it needs since October 2025', () => {
    main.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' })
    main.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
      Principal: '*',
    })
    main.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
      Principal: '*',
    })
    // The third is the schedule's.
    main.resourceCountIs('AWS::Lambda::Permission', 3)
  })

  it('work daily on a schedule, tried again when they fail', () => {
    main.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(23 4 * * ? *)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 2 } })],
    })
  })

  it('take web-push from a layer that is another one only when its content is', () => {
    const other = synthesizeWith(PLAIN, { api: 'export const other = true\n', daily: 'export const other = 1\n' })
    const layer = (from: Record<string, unknown>) => Template.fromJSON(from).findResources('AWS::Lambda::LayerVersion')
    expect(layer(other.main)).toEqual(layer(plain.main))
    const newer = synthesizeWith(PLAIN, { layer: 'export const newer = true\n' })
    expect(layer(newer.main)).not.toEqual(layer(plain.main))
    for (const one of Object.values(main.findResources('AWS::Lambda::Function'))) {
      expect(one.Properties.Layers).toEqual([{ Ref: expect.stringMatching(/^PushLayer/) }])
    }
    other.remove()
    newer.remove()
  }, 60_000)

  it('keep their logs for two weeks', () => {
    main.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 14 })
    main.resourceCountIs('AWS::Logs::LogGroup', 2)
  })
})

describe('the buckets', () => {
  it('are private, encrypted, read over TLS by this CDN alone, and the web app has its versions', () => {
    main.resourceCountIs('AWS::S3::Bucket', 2)
    const all = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true }
    main.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: all,
      BucketEncryption: Match.anyValue(),
    })
    expect(only(main, 'AWS::S3::Bucket', 'Web')).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 30 } }] },
    })
    const distribution = { Ref: Object.keys(main.findResources('AWS::CloudFront::Distribution'))[0] }
    for (const { Properties } of Object.values(main.findResources('AWS::S3::BucketPolicy'))) {
      expect(Properties.PolicyDocument.Statement).toMatchObject([
        { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        {
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:ListBucket'],
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Condition: {
            StringEquals: { 'AWS:SourceArn': { 'Fn::Join': ['', expect.arrayContaining([distribution])] } },
          },
        },
      ])
    }
    main.resourceCountIs('AWS::CloudFront::OriginAccessControl', 1)
  })
})

describe('who watches', () => {
  it('has no more alarms than are always free', () => {
    const alarms = Object.values(main.findResources('AWS::CloudWatch::Alarm'))
    expect(alarms.map((one) => one.Properties.AlarmDescription).sort()).toMatchSnapshot()
    expect(alarms.length).toBeLessThanOrEqual(10)
  })

  it('finds in the logs what the loggers of the functions write', async () => {
    const lines: string[] = []
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
    const failing = vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
    const { createLogger } = await import('../../apps/lambda/src/logger.ts')
    const logger = createLogger('info', [])
    logger.warn(TRENDING_KEPT, { file: 'trending-all-en.json' })
    logger.error('request failed', {}, new Error('a mistake'))
    write.mockRestore()
    failing.mockRestore()
    const written = lines.map((line): Record<string, unknown> => JSON.parse(line))
    expect(written.map(({ level }) => level)).toEqual(['WARN', 'ERROR'])
    for (const pattern of Object.values(LOG_FILTERS)) {
      const [, name = '', value] = /^\{ \$\.(\w+) = "(.+)" \}$/.exec(pattern) ?? []
      expect(written.filter((line) => line[name] === value)).toHaveLength(1)
      main.hasResourceProperties('AWS::Logs::MetricFilter', { FilterPattern: pattern })
    }
  })

  it('is told by mail, of alarms and of money, where there is an address', () => {
    for (const type of ['AWS::SNS::Topic', 'AWS::Budgets::Budget']) main.resourceCountIs(type, 0)
    const told = Template.fromJSON(full.main)
    told.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ann@example.org' })
    told.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
    })
    told.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sns:Publish',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      },
    })
    const subscribers = [{ SubscriptionType: 'EMAIL', Address: 'ann@example.org' }]
    told.hasResourceProperties('AWS::Budgets::Budget', {
      // With a name of its own it could not be replaced, which another address does.
      Budget: {
        BudgetName: Match.absent(),
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: 1, Unit: 'USD' },
      },
      NotificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((NotificationType) =>
        Match.objectLike({
          Notification: Match.objectLike({ NotificationType, Threshold: 100 }),
          Subscribers: subscribers,
        }),
      ),
    })
  })
})

describe('what the costs are worked out with', () => {
  it('is what the template has', () => {
    main.resourceCountIs('AWS::CloudWatch::Alarm', ALARMS)
    main.resourceCountIs('AWS::Logs::MetricFilter', LOG_FILTER_COUNT)
    main.resourceCountIs('AWS::CloudFront::CachePolicy', HAS.cachePolicies)
    main.resourceCountIs('AWS::CloudFront::OriginAccessControl', HAS.accessControls)
    main.resourceCountIs('AWS::CloudFront::Distribution', HAS.distributions)
    main.resourceCountIs('AWS::IAM::Role', HAS.roles)
    main.resourceCountIs('AWS::DynamoDB::Table', HAS.tables)
    main.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: LOG_DAYS })
    main.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'The daily work of Stellarr',
      MemorySize: DAILY_MEMORY_MB,
    })
  })
})

describe('the templates', () => {
  it('are the same each time, down to the files', () => {
    const again = synthesizeWith(FULL)
    const deployed = (folder: string) =>
      Object.entries(filesOf(folder)).filter(([path]) => /\.(template|assets)\.json$|^asset/.test(path))
    expect(deployed(full.outdir).length).toBeGreaterThan(4)
    expect(deployed(again.outdir)).toEqual(deployed(full.outdir))
    again.remove()
  }, 60_000)

  it('hold no secret and run no code of their own', () => {
    main.hasParameter('OriginVerifySecret', { NoEcho: true, MinLength: 16 })
    expect(JSON.stringify(plain.main)).not.toMatch(/TOKEN|PASSWORD|APP_SECRET|Custom::/)
    main.templateMatches({ Outputs: Object.fromEntries(Object.values(OUTPUTS).map((id) => [id, {}])) })
  })

  it('change by nobody’s accident', () => {
    const steady = (template: unknown) =>
      JSON.parse(
        JSON.stringify(template)
          .replaceAll(/[0-9a-f]{64}/g, '<hash>')
          .replaceAll(/(PushLayer)[0-9A-F]{8}/g, '$1'),
      )
    expect(steady(plain.main)).toMatchSnapshot('main')
    expect(steady(full.main)).toMatchSnapshot('main with domain, firewall and mail')
    expect(steady(full.edge)).toMatchSnapshot('edge')
  })
})
