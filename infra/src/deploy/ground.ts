import { type Deployment, EDGE_REGION } from '../deployment.ts'
import type { Aws, StackState } from './aws.ts'
import { diffTemplates, type StackPlan } from './plan.ts'
import { Refusal } from './refusal.ts'
import type { Talk } from './talk.ts'

export interface Ground {
  aws: Aws
  talk: Talk
  /** Runs the CDK's command. */
  cdk(args: readonly string[]): Promise<void>
}

/** Looks for what would stop a deploy: the CDK's own stack, and stacks that cannot be changed. */
export async function checkGround({ aws, talk, cdk }: Ground, deployment: Deployment): Promise<void> {
  const regions = deployment.domain || deployment.waf ? [...new Set([aws.region, EDGE_REGION])] : [aws.region]
  for (const region of regions) {
    if ((await aws.bootstrap(region)) !== undefined) continue
    const where = `aws://${deployment.account}/${region}`
    talk.say(
      `The CDK has not been set up in ${region} yet: it needs a bucket and some roles there, once an account and region.`,
    )
    if (!(await talk.confirm('Set it up now?'))) {
      throw new Refusal(`Nothing was done. By hand it is "npx aws-cdk bootstrap ${where}".`)
    }
    await cdk(['bootstrap', where])
  }
}

/** A stack that can be changed, or none; `LEFT` is what a failed first run left, to be removed first. */
export async function usableStack(
  { aws }: Pick<Ground, 'aws'>,
  region: string,
  name: string,
): Promise<StackState | undefined> {
  const stack = await aws.stack(region, name)
  if (!stack) return undefined
  if (/^(CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED|REVIEW_IN_PROGRESS|DELETE_FAILED)$/.test(stack.status)) {
    return { ...stack, status: 'LEFT' }
  }
  if (stack.status.endsWith('_IN_PROGRESS')) {
    throw new Refusal(
      `The stack ${name} in ${region} is being changed just now (${stack.status}). Wait for that and run this again.`,
    )
  }
  if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
    throw new Refusal(
      `The stack ${name} in ${region} is stuck (${stack.status}): choose "Continue update rollback" in CloudFormation’s console, then run this again.`,
    )
  }
  return stack
}

/** What a deploy changes of one stack. */
export async function stackPlan(
  { aws }: Ground,
  wanted: { name: string; region: string; template: unknown },
  stack: StackState | undefined,
): Promise<StackPlan> {
  const { name, region, template } = wanted
  const fresh = stack === undefined || stack.status === 'LEFT'
  const deployed = fresh ? {} : await aws.template(region, name)
  return {
    name,
    region,
    fresh,
    otherwise: !fresh && JSON.stringify(deployed) !== JSON.stringify(template),
    diff: diffTemplates(deployed, template),
  }
}
