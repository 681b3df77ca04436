import { createTable } from '@stellarr/storage-dynamo/create-table'
import * as v from 'valibot'
import { OUTPUTS } from '../../src/deployment.ts'

/** What the stub of CloudFormation works with. */
export interface StubWorld {
  /** Buckets of this account by name, with their objects. */
  buckets: Map<string, Map<string, { body: Buffer; headers: Record<string, string | undefined> }>>
  tables: Set<string>
  dynamodbEndpoint: string
  /** Its own address, which stands for CloudFront's, too. */
  url: string
  /** A type of resource whose making fails from now on. */
  failing: string | undefined
}

interface Stack {
  name: string
  id: string
  status: string
  template: string
  parameters: Record<string, string>
  outputs: Record<string, string>
  events: { id: string; logical: string; type: string; status: string; reason?: string }[]
}

interface ChangeSet {
  stack: string
  create: boolean
  template: string
  parameters: Record<string, string>
  imports: boolean
  status: 'CREATE_COMPLETE' | 'FAILED'
}

const templateShape = v.looseObject({
  Parameters: v.optional(
    v.record(v.string(), v.looseObject({ NoEcho: v.optional(v.union([v.boolean(), v.string()])) })),
    {},
  ),
  Resources: v.record(v.string(), v.looseObject({ Type: v.string() })),
  Outputs: v.optional(v.record(v.string(), v.unknown()), {}),
})
const readTemplate = (text: string) => v.parse(v.pipe(v.string(), v.parseJson(), templateShape), text)

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const members = (items: string[]) => items.map((item) => `<member>${item}</member>`).join('')
const NOW = '2026-01-02T03:04:05.000Z'

/** `Parameters.member.1.ParameterKey` and its like as a list. */
function listed(form: URLSearchParams, name: string): Record<string, string>[] {
  const found: Record<string, string>[] = []
  for (let n = 1; ; n += 1) {
    const prefix = `${name}.member.${n}.`
    const fields = [...form]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value])
    if (fields.length === 0) return found
    found.push(Object.fromEntries(fields))
  }
}

/** An answer of the query protocol, or an error. */
export interface QueryAnswer {
  status: number
  xml: string
}

/** CloudFormation as far as the CDK and the deploy command use it; changes are made at once. */
export function stubCloudFormation(world: StubWorld) {
  const stacks = new Map<string, Stack>()
  const changeSets = new Map<string, ChangeSet>()
  let ids = 0

  const fail = (message: string, code = 'ValidationError'): QueryAnswer => ({
    status: 400,
    xml: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`,
  })
  const ok = (action: string, inner: string): QueryAnswer => ({
    status: 200,
    xml: `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`,
  })

  function stackXml({ name, id, status, outputs, parameters, template }: Stack): string {
    const shape = readTemplate(template)
    const shown = Object.entries(parameters).map(([key, value]) => {
      const isHidden = shape.Parameters[key]?.NoEcho !== undefined
      return `<ParameterKey>${key}</ParameterKey><ParameterValue>${isHidden ? '****' : escaped(value)}</ParameterValue>`
    })
    const told = Object.entries(outputs).map(
      ([key, value]) => `<OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue>`,
    )
    return `<StackName>${name}</StackName><StackId>${id}</StackId><StackStatus>${status}</StackStatus><CreationTime>${NOW}</CreationTime><Outputs>${members(told)}</Outputs><Parameters>${members(shown)}</Parameters><Tags/>`
  }

  /** Values that nobody but AWS would know. */
  function outputsOf(name: string, shape: v.InferOutput<typeof templateShape>): Record<string, string> {
    const known: Record<string, string> = {
      [OUTPUTS.url]: world.url,
      [OUTPUTS.distributionDomain]: 'd111111abcdef8.cloudfront.net',
      [OUTPUTS.webBucket]: `${name}-web`,
      [OUTPUTS.trendingBucket]: `${name}-trending`,
      [OUTPUTS.apiFunction]: `${name}-api`,
      [OUTPUTS.dailyFunction]: `${name}-daily`,
      CertificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/a',
      WebAclArn: 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/a',
    }
    return Object.fromEntries(Object.keys(shape.Outputs).map((id) => [id, known[id] ?? id]))
  }

  async function execute(set: ChangeSet): Promise<void> {
    const stack = stacks.get(set.stack)
    if (!stack) throw new Error(`no stack ${set.stack}`)
    const shape = readTemplate(set.template)
    const before = set.create ? {} : readTemplate(stack.template).Resources
    const tell = (logical: string, type: string, status: string, reason?: string) => {
      ids += 1
      stack.events.unshift({ id: `event-${ids}`, logical, type, status, ...(reason !== undefined && { reason }) })
    }
    const verb = set.create ? 'CREATE' : 'UPDATE'
    tell(stack.name, 'AWS::CloudFormation::Stack', `${verb}_IN_PROGRESS`)
    const roll = (logical: string, type: string, reason: string) => {
      tell(logical, type, `${verb}_FAILED`, reason)
      stack.status = set.create ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE'
      tell(stack.name, 'AWS::CloudFormation::Stack', stack.status)
    }
    for (const [logical, { Type, Properties }] of Object.entries(shape.Resources)) {
      if (before[logical] !== undefined) continue
      tell(logical, Type, 'CREATE_IN_PROGRESS')
      if (Type === world.failing) return roll(logical, Type, 'You are not subscribed to this service.')
      if (Type === 'AWS::DynamoDB::Table') {
        const table = v.parse(v.looseObject({ TableName: v.string() }), Properties).TableName
        if (world.tables.has(table) && !set.imports) return roll(logical, Type, `${table} already exists`)
        if (!world.tables.has(table)) {
          const credentials = () => ({ accessKeyId: 'local', secretAccessKey: 'local' })
          await createTable({ table, endpoint: world.dynamodbEndpoint, region: 'eu-central-1', credentials })
          world.tables.add(table)
        }
      }
      tell(logical, Type, 'CREATE_COMPLETE')
    }
    const outputs = outputsOf(stack.name, shape)
    for (const id of [OUTPUTS.webBucket, OUTPUTS.trendingBucket]) {
      const bucket = outputs[id]
      if (bucket !== undefined && !world.buckets.has(bucket)) world.buckets.set(bucket, new Map())
    }
    Object.assign(stack, { template: set.template, parameters: set.parameters, outputs, status: `${verb}_COMPLETE` })
    tell(stack.name, 'AWS::CloudFormation::Stack', stack.status)
  }

  function templateOf(form: URLSearchParams): string {
    const body = form.get('TemplateBody')
    if (body !== null) return body
    const [, bucket = '', ...key] = new URL(form.get('TemplateURL') ?? '').pathname.split('/')
    const host = new URL(form.get('TemplateURL') ?? '').hostname
    const object =
      world.buckets.get(bucket)?.get(key.join('/')) ??
      world.buckets.get(host.split('.')[0] ?? '')?.get([bucket, ...key].join('/'))
    if (!object) throw new Error(`no template at ${form.get('TemplateURL')}`)
    return object.body.toString()
  }

  async function answer(region: string, form: URLSearchParams): Promise<QueryAnswer> {
    const action = form.get('Action') ?? ''
    const given = form.get('StackName') ?? ''
    // A stack is named by its name or by its id.
    const name = given.startsWith('arn:') ? (given.split('/')[1] ?? '') : given
    const key = `${region}/${name}`
    const stack = stacks.get(key)
    const setKey = (form.get('ChangeSetName') ?? '').split('/')[1] ?? form.get('ChangeSetName') ?? ''
    switch (action) {
      case 'DescribeStacks':
        return stack
          ? ok(action, `<Stacks>${members([stackXml(stack)])}</Stacks>`)
          : fail(`Stack with id ${name} does not exist`)
      case 'GetTemplate':
        return stack
          ? ok(action, `<TemplateBody>${escaped(stack.template)}</TemplateBody>`)
          : fail(`Stack with id ${name} does not exist`)
      case 'CreateChangeSet': {
        const template = templateOf(form)
        const create = form.get('ChangeSetType') === 'CREATE'
        const parameters = Object.fromEntries(
          listed(form, 'Parameters').map(({ ParameterKey = '', ParameterValue = '', UsePreviousValue }) => [
            ParameterKey,
            UsePreviousValue === 'true' ? (stack?.parameters[ParameterKey] ?? '') : ParameterValue,
          ]),
        )
        if (!stack) {
          ids += 1
          const id = `arn:aws:cloudformation:${region}:111111111111:stack/${name}/${ids}`
          stacks.set(key, {
            name,
            id,
            status: 'REVIEW_IN_PROGRESS',
            template: '{"Resources":{}}',
            parameters: {},
            outputs: {},
            events: [],
          })
        }
        const isSame = stack?.template === template && JSON.stringify(stack.parameters) === JSON.stringify(parameters)
        changeSets.set(setKey, {
          stack: key,
          create,
          template,
          parameters,
          imports: form.get('ImportExistingResources') === 'true',
          status: isSame ? 'FAILED' : 'CREATE_COMPLETE',
        })
        return ok(
          action,
          `<Id>arn:aws:cloudformation:${region}:111111111111:changeSet/${setKey}/1</Id><StackId>${stacks.get(key)?.id}</StackId>`,
        )
      }
      case 'DescribeChangeSet': {
        const set = changeSets.get(setKey)
        if (!set) return fail(`no change set ${setKey}`, 'ChangeSetNotFound')
        const reason =
          set.status === 'FAILED'
            ? "The submitted information didn't contain changes. Submit different information to create a change set."
            : ''
        const change =
          '<Type>Resource</Type><ResourceChange><Action>Add</Action><LogicalResourceId>Any</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType></ResourceChange>'
        return ok(
          action,
          `<ChangeSetName>${setKey}</ChangeSetName><ChangeSetId>arn:aws:cloudformation:${region}:111111111111:changeSet/${setKey}/1</ChangeSetId><StackName>${name}</StackName><StackId>${stack?.id}</StackId><Status>${set.status}</Status><StatusReason>${escaped(reason)}</StatusReason><ExecutionStatus>${set.status === 'FAILED' ? 'UNAVAILABLE' : 'AVAILABLE'}</ExecutionStatus><Changes>${members(set.status === 'FAILED' ? [] : [change])}</Changes>`,
        )
      }
      case 'ExecuteChangeSet': {
        const set = changeSets.get(setKey)
        if (!set) return fail(`no change set ${setKey}`, 'ChangeSetNotFound')
        await execute(set)
        return ok(action, '')
      }
      case 'DeleteChangeSet':
        changeSets.delete(setKey)
        return ok(action, '')
      case 'DescribeStackEvents': {
        const events = (stack?.events ?? []).map(
          (event) =>
            `<EventId>${event.id}</EventId><StackId>${stack?.id}</StackId><StackName>${name}</StackName><LogicalResourceId>${event.logical}</LogicalResourceId><PhysicalResourceId>${event.logical === name ? stack?.id : event.logical}</PhysicalResourceId><ResourceType>${event.type}</ResourceType><ResourceStatus>${event.status}</ResourceStatus><ResourceStatusReason>${escaped(event.reason ?? '')}</ResourceStatusReason><Timestamp>${new Date().toISOString()}</Timestamp>`,
        )
        return ok(action, `<StackEvents>${members(events)}</StackEvents>`)
      }
      case 'UpdateStack': {
        if (!stack) return fail(`Stack with id ${name} does not exist`)
        const given = listed(form, 'Parameters').map(({ ParameterKey = '', ParameterValue = '', UsePreviousValue }) => [
          ParameterKey,
          UsePreviousValue === 'true' ? (stack.parameters[ParameterKey] ?? '') : ParameterValue,
        ])
        const parameters = { ...Object.fromEntries(given) }
        const isSame = Object.entries(parameters).every(([known, value]) => stack.parameters[known] === value)
        if (isSame) return fail('No updates are to be performed.')
        Object.assign(stack, { parameters, status: 'UPDATE_COMPLETE' })
        return ok(action, `<StackId>${stack.id}</StackId>`)
      }
      case 'DeleteStack': {
        if (!stack) return ok(action, '')
        const full = [OUTPUTS.webBucket, OUTPUTS.trendingBucket].filter(
          (id) => (world.buckets.get(stack.outputs[id] ?? '')?.size ?? 0) > 0,
        )
        if (full.length > 0) stack.status = 'DELETE_FAILED'
        else {
          for (const id of [OUTPUTS.webBucket, OUTPUTS.trendingBucket]) world.buckets.delete(stack.outputs[id] ?? '')
          stacks.delete(key)
        }
        return ok(action, '')
      }
      case 'ListStackResources':
        return ok(action, '<StackResourceSummaries/>')
      case 'DescribeStackResources':
        return ok(action, '<StackResources/>')
      case 'UpdateTerminationProtection':
        return ok(action, '')
      default:
        return fail(`the stub does not know ${action}`)
    }
  }
  return { stacks, answer }
}
