import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { DeleteTableCommand, DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetHostedZoneCommand, ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53'
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { isFault } from '@stellarr/core'
import { openDynamoStorage } from '@stellarr/storage-dynamo'
import { Refusal } from './refusal.ts'
import { usableRegion } from './regions.ts'

export interface StackState {
  status: string
  outputs: Record<string, string>
}

/** The address of a service when it is not Amazon's own; AWS's tools read the same variables. */
export const endpointOf = (service: string): string | undefined =>
  process.env[`AWS_ENDPOINT_URL_${service}`] || process.env.AWS_ENDPOINT_URL || undefined

const WAIT_MS = 3_000

/** Whether AWS said that something is not there. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (/NotFound|NoSuch/.test(error.name) || (error.name === 'ValidationError' && /does not exist/.test(error.message)))

async function orMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** The calls that the deploy command makes itself; S3's are in site-bucket.ts. @param region where everything lies */
export function awsOf(region: string) {
  const credentials = fromNodeProviderChain()
  const common = { region, credentials }
  const ssmOf = (where: string) => new SSMClient({ ...common, region: where })
  const ssm = ssmOf(region)
  const stacks = (where: string) => new CloudFormationClient({ ...common, region: where })
  const dynamo = new DynamoDBClient(common)

  async function parameter(name: string, where = ssm): Promise<string | undefined> {
    const answer = await orMissing(where.send(new GetParameterCommand({ Name: name, WithDecryption: true })))
    return answer?.Parameter?.Value
  }

  async function stack(where: string, name: string): Promise<StackState | undefined> {
    const answer = await orMissing(stacks(where).send(new DescribeStacksCommand({ StackName: name })))
    const found = answer?.Stacks?.[0]
    if (!found || found.StackStatus === 'DELETE_COMPLETE') return undefined
    const outputs = (found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])
    return { status: found.StackStatus ?? '', outputs: Object.fromEntries(outputs) }
  }

  return {
    region,
    credentials,

    /** The account of the credentials. */
    async account(): Promise<string> {
      const { Account } = await new STSClient(common).send(new GetCallerIdentityCommand({}))
      if (!Account) throw new Refusal('AWS did not say whose credentials these are.')
      return Account
    },

    /** The version of the CDK's bootstrap stack in a region; undefined when there is none. */
    bootstrap: (where: string) => parameter('/cdk-bootstrap/hnb659fds/version', ssmOf(where)),

    parameter: (name: string) => parameter(name),
    async writeParameter(name: string, value: string, type: 'String' | 'SecureString'): Promise<void> {
      await ssm.send(
        new PutParameterCommand({ Name: name, Value: value, Type: type, Overwrite: true, Tier: 'Standard' }),
      )
    },
    /** False when it was not there. */
    deleteParameter: async (name: string) =>
      (await orMissing(ssm.send(new DeleteParameterCommand({ Name: name })))) !== undefined,

    stack,
    /** The template that is deployed. */
    async template(where: string, name: string): Promise<unknown> {
      const { TemplateBody = '{}' } = await stacks(where).send(new GetTemplateCommand({ StackName: name }))
      return JSON.parse(TemplateBody)
    },
    /** Deletes a stack and waits for its end; `waited` is told the seconds. Throws `Refusal` when AWS keeps it. */
    async deleteStack(where: string, name: string, waited: (seconds: number) => void): Promise<void> {
      await stacks(where).send(new DeleteStackCommand({ StackName: name }))
      const began = Date.now()
      for (;;) {
        const now = await stack(where, name)
        if (!now) return
        if (now.status === 'DELETE_FAILED') {
          throw new Refusal(
            `AWS could not delete the stack ${name} in ${where}: CloudFormation’s console says why. Run it again then.`,
          )
        }
        waited(Math.round((Date.now() - began) / 1000))
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
      }
    },

    /**
     * Gives a deployed stack another value of one parameter and leaves everything else; waits for its end. Throws
     * `Refusal` when AWS goes back to the old one.
     */
    async setStackParameter(where: string, name: string, key: string, value: string): Promise<void> {
      const cloudFormation = stacks(where)
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }))
      const others = (Stacks[0]?.Parameters ?? []).flatMap(({ ParameterKey }) =>
        ParameterKey === undefined || ParameterKey === key ? [] : [{ ParameterKey, UsePreviousValue: true }],
      )
      try {
        await cloudFormation.send(
          new UpdateStackCommand({
            StackName: name,
            UsePreviousTemplate: true,
            Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
            Parameters: [{ ParameterKey: key, ParameterValue: value }, ...others],
          }),
        )
      } catch (error) {
        // It has that value already.
        if (error instanceof Error && /No updates are to be performed/.test(error.message)) return
        throw error
      }
      for (;;) {
        const status = (await stack(where, name))?.status ?? ''
        if (/^UPDATE_COMPLETE(_CLEANUP_IN_PROGRESS)?$/.test(status)) return
        if (!/^UPDATE_(ROLLBACK_)?IN_PROGRESS$/.test(status)) {
          throw new Refusal(
            `AWS could not change the stack ${name} in ${where} (${status}): CloudFormation’s console says why. Run it again then.`,
          )
        }
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
      }
    },

    /** The name servers of a hosted zone. */
    async nameServersOf(zoneId: string): Promise<string[]> {
      const { DelegationSet } = await new Route53Client(common).send(new GetHostedZoneCommand({ Id: zoneId }))
      return DelegationSet?.NameServers ?? []
    },

    /** The public hosted zone that holds a domain, the closest one; undefined when there is none in this account. */
    async zoneOf(domain: string): Promise<{ zoneId: string; zoneName: string } | undefined> {
      const route53 = new Route53Client(common)
      const labels = domain.split('.')
      for (let from = 0; from < labels.length - 1; from += 1) {
        const zoneName = labels.slice(from).join('.')
        const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: zoneName }))
        const zone = HostedZones.find((one) => one.Name === `${zoneName}.` && !one.Config?.PrivateZone)
        if (zone?.Id) return { zoneId: zone.Id.replace('/hostedzone/', ''), zoneName }
      }
      return undefined
    },

    /** Runs a function and waits. Throws `Refusal` when it failed. */
    async invoke(functionName: string): Promise<void> {
      const { FunctionError } = await new LambdaClient(common).send(new InvokeCommand({ FunctionName: functionName }))
      if (FunctionError)
        throw new Refusal(`The daily function failed (${FunctionError}): its log in CloudWatch says why.`)
    },

    /** Whether the table is there. */
    hasTable: async (table: string) =>
      (await orMissing(dynamo.send(new DescribeTableCommand({ TableName: table })))) !== undefined,
    /** The id of the store in a table. */
    async storeId(table: string): Promise<string> {
      const known = await credentials()
      const storage = openDynamoStorage({
        table,
        region,
        endpoint: endpointOf('DYNAMODB'),
        clock: { now: Date.now },
        credentials: () => ({
          accessKeyId: known.accessKeyId,
          secretAccessKey: known.secretAccessKey,
          ...(known.sessionToken !== undefined && { sessionToken: known.sessionToken }),
        }),
      })
      try {
        return await storage.identity.storeId()
      } finally {
        await storage.close()
      }
    },
    /** Deletes a table that is protected from it; false when it was not there. */
    async deleteTable(table: string): Promise<boolean> {
      const found = await orMissing(dynamo.send(new DescribeTableCommand({ TableName: table })))
      if (!found) return false
      if (found.Table?.DeletionProtectionEnabled) {
        await dynamo.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }))
        const isActive = async () => {
          const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: table }))
          return Table?.TableStatus === 'ACTIVE'
        }
        while (!(await isActive())) await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
      }
      await dynamo.send(new DeleteTableCommand({ TableName: table }))
      return true
    },
  }
}

export type Aws = ReturnType<typeof awsOf>

/**
 * The region of the command line, else the one that AWS's own tools would take. Throws `Refusal` when there is none, or
 * when a deployment cannot lie there.
 */
export async function regionOf(given: string | undefined): Promise<string> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env
  const named = given ?? (AWS_REGION || AWS_DEFAULT_REGION || undefined)
  return usableRegion(named ?? (await profileRegion()))
}

async function profileRegion(): Promise<string> {
  try {
    return await new STSClient({}).config.region()
  } catch {
    throw new Refusal(
      'No region: add --region eu-central-1 (or where you live), set AWS_REGION, or run "aws configure".',
    )
  }
}

/** What AWS or the line says, in one sentence that helps; what it does not know is thrown as it is. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Refusal) return error
  if (isFault(error)) {
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
    return new Refusal(`${error.message}${cause} What was done stays; run it again to go on.`)
  }
  const { name, message } = error
  if (name === 'CredentialsProviderError' || /could not load credentials/i.test(message)) {
    return new Refusal(
      'No AWS credentials: run "aws configure" (or "aws sso login" and set AWS_PROFILE), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    )
  }
  if (/ExpiredToken|TokenRefreshRequired|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId/.test(name)) {
    return new Refusal(
      `AWS does not take these credentials (${name}): sign in again, or check AWS_PROFILE and the keys.`,
    )
  }
  if (/SignatureDoesNotMatch|InvalidSignature|RequestTimeTooSkewed|RequestExpired/.test(name)) {
    return new Refusal(
      `AWS does not take the signature (${name}): check the secret key, and the clock of this machine.`,
    )
  }
  if (/AccessDenied|Unauthorized|NotAuthorized/.test(name)) {
    return new Refusal(`These credentials may not do that: ${message}`)
  }
  if ('code' in error && (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')) {
    return new Refusal(`AWS cannot be reached (${message}): check the region’s name and the connection.`)
  }
  return error
}
