import type { Deployment } from '../deployment.ts'
import type { SettingChange } from './settings-document.ts'
import type { SitePlan } from './site-bucket.ts'

/** Resources by logical id, with their types. */
export interface StackDiff {
  added: string[]
  changed: string[]
  removed: string[]
}

type Resources = Record<string, { Type?: string } | undefined>
const resourcesOf = (template: unknown): Resources => {
  const found = template !== null && typeof template === 'object' && 'Resources' in template ? template.Resources : {}
  return found !== null && typeof found === 'object' ? (found as Resources) : {}
}

/** What changes between two templates, each as `type name`. */
export function diffTemplates(deployed: unknown, wanted: unknown): StackDiff {
  const [before, after] = [resourcesOf(deployed), resourcesOf(wanted)]
  const told = (resources: Resources, ids: string[]) => ids.map((id) => `${resources[id]?.Type ?? ''} ${id}`)
  const ids = Object.keys(after)
  const isOther = (id: string) => JSON.stringify(before[id]) !== JSON.stringify(after[id])
  return {
    added: told(
      after,
      ids.filter((id) => before[id] === undefined),
    ),
    changed: told(
      after,
      ids.filter((id) => before[id] !== undefined && isOther(id)),
    ),
    removed: told(
      before,
      Object.keys(before).filter((id) => after[id] === undefined),
    ),
  }
}

export const isEmpty = ({ added, changed, removed }: StackDiff): boolean =>
  added.length + changed.length + removed.length === 0

/** One stack of a plan; `fresh`: it is made for the first time. */
export interface StackPlan {
  name: string
  region: string
  fresh: boolean
  /** Parts outside the resources differ: parameters, outputs. */
  otherwise: boolean
  diff: StackDiff
}

export interface Plan {
  deployment: Deployment
  settings: SettingChange[]
  /** Names of settings that are worked out after the stack is there. */
  later: string[]
  /** Other things that are done, each as a line. */
  others: string[]
  /** What was chosen differs from what was remembered. */
  choices: string[]
  stacks: StackPlan[]
  /** Undefined: everything, since there is no bucket yet. */
  site: SitePlan | undefined
  siteFiles: number
}

export const changesStack = (plan: StackPlan): boolean => plan.fresh || plan.otherwise || !isEmpty(plan.diff)

export const isNothing = ({ settings, later, others, choices, stacks, site }: Plan): boolean =>
  settings.every(({ how }) => how === 'kept') &&
  later.length + others.length + choices.length === 0 &&
  !stacks.some(changesStack) &&
  site !== undefined &&
  site.put.length + site.remove.length === 0

const WORDS: Record<SettingChange['how'], string> = {
  made: 'made here',
  given: 'as given',
  changed: 'changed to the value of the environment',
  renamed: 'has a new name now, and keeps its value',
  kept: 'stays; the environment has another value (npm run deploy:aws -- rotate)',
}

function stackLines(plan: StackPlan): string[] {
  const where = `${plan.name} in ${plan.region}`
  if (plan.fresh) return [`  + stack ${where}: ${plan.diff.added.length} resources`]
  if (!changesStack(plan)) return [`  = stack ${where}: nothing to change`]
  const { added, changed, removed } = plan.diff
  const list = (sign: string, names: string[]) => names.map((name) => `      ${sign} ${name}`)
  return [`  ~ stack ${where}`, ...list('+', added), ...list('~', changed), ...list('-', removed)]
}

/** The plan for people; `+` is made, `~` changed, `-` removed, `=` stays. No value of a secret is in it. */
export function planLines(plan: Plan): string[] {
  const { deployment, settings, later, others, choices, stacks, site } = plan
  const address = deployment.domain ? `https://${deployment.domain.name}` : 'an address of CloudFront’s'
  return [
    `Account ${deployment.account}, region ${deployment.region}, ${address}`,
    ...choices.map((line) => `  ~ ${line}`),
    ...settings.map(
      ({ name, how }) =>
        `  ${how === 'kept' ? '=' : how === 'changed' || how === 'renamed' ? '~' : '+'} setting ${name}: ${WORDS[how]}`,
    ),
    ...later.map((name) => `  + setting ${name}: from the stack`),
    ...others.map((line) => `  ${line}`),
    ...stacks.flatMap(stackLines),
    site === undefined
      ? `  + web app: ${plan.siteFiles} files`
      : site.put.length + site.remove.length === 0
        ? '  = web app: nothing to change'
        : `  ~ web app: ${site.put.length} files to upload, ${site.remove.length} to remove`,
  ]
}
