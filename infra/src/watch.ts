import { TRENDING_KEPT } from '@stellarr/core'
import { Duration, type Stack } from 'aws-cdk-lib'
import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Deployment } from './deployment.ts'
import type { WatchedFunction } from './functions.ts'

/** What the logs are searched for; the lines are written by core's daily work and by the loggers of the functions. */
export const LOG_FILTERS = {
  /** A request failed by a mistake of ours. */
  apiErrors: '{ $.level = "ERROR" }',
  /** A trending file could not be made anew: "refresh failed". */
  refreshFailed: `{ $.message = "${TRENDING_KEPT}" }`,
} as const

/** Alarms (ten are always free), told to one person by mail where there is an address, and a monthly budget. */
export function watch(
  stack: Stack,
  deployment: Deployment,
  { api, daily }: { api: WatchedFunction; daily: WatchedFunction },
): void {
  const { alarmEmail, name, budgetUsd } = deployment
  const topic = alarmEmail === undefined ? undefined : alarmTopic(stack, alarmEmail)

  const alarm = (id: string, metric: IMetric, alarmDescription: string) => {
    const made = new Alarm(stack, id, {
      metric,
      alarmDescription: `Stellarr: ${alarmDescription}`,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    if (topic) made.addAlarmAction(new SnsAction(topic))
    return made
  }
  const logged = (id: string, log: LogGroup, pattern: string) =>
    new MetricFilter(stack, id, {
      logGroup: log,
      filterPattern: FilterPattern.literal(pattern),
      metricNamespace: `stellarr/${name}`,
      metricName: id,
    }).metric({ statistic: 'Sum', period: Duration.minutes(5) })

  const period = Duration.minutes(5)
  alarm('ApiCrashed', api.fn.metricErrors({ period }), 'the API crashed or took too long.')
  alarm('ApiThrottled', api.fn.metricThrottles({ period }), 'AWS turned calls of the API away.')
  alarm(
    'ApiFailed',
    logged('ApiErrors', api.log, LOG_FILTERS.apiErrors),
    'a request failed; the log of the API says why.',
  )
  alarm('DailyFailed', daily.fn.metricErrors({ period }), 'the daily work failed.')
  alarm(
    'RefreshFailed',
    logged('TrendingKept', daily.log, LOG_FILTERS.refreshFailed),
    'a trending file could not be made anew and stays as it was.',
  )
  // Thirty hours: runs that are a little more than a day apart are no alarm.
  const missed = new Alarm(stack, 'DailyMissed', {
    metric: daily.fn.metricInvocations({ period: Duration.hours(6) }),
    alarmDescription: 'Stellarr: the daily work did not run for thirty hours.',
    threshold: 1,
    evaluationPeriods: 5,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  })
  if (topic) missed.addAlarmAction(new SnsAction(topic))

  if (alarmEmail === undefined) return
  const subscribers = [{ subscriptionType: 'EMAIL', address: alarmEmail }]
  const beyond = (notificationType: 'ACTUAL' | 'FORECASTED') => ({
    notification: {
      notificationType,
      comparisonOperator: 'GREATER_THAN',
      threshold: 100,
      thresholdType: 'PERCENTAGE',
    },
    subscribers,
  })
  // Of the whole account: tags count only where somebody has activated them for billing. It has no name of its own: with
  // another address it is made anew, before the old one goes.
  new CfnBudget(stack, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: budgetUsd, unit: 'USD' },
    },
    notificationsWithSubscribers: [beyond('ACTUAL'), beyond('FORECASTED')],
  })
}

/** Where alarms go, and from there to one mail address. */
function alarmTopic(stack: Stack, alarmEmail: string): Topic {
  const topic = new Topic(stack, 'Alarms', { enforceSSL: true })
  topic.addSubscription(new EmailSubscription(alarmEmail))
  // A policy of its own takes the place of the one that lets CloudWatch in.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  )
  return topic
}
