import { parseArgs } from 'node:util'
import { DEFAULTS } from '../deployment.ts'
import { Refusal } from './refusal.ts'
import { ROTATED, type Rotated } from './settings-document.ts'

export const HELP = `npm run deploy:aws                         shows what would be done, asks, and deploys; again: nothing to do
npm run deploy:aws -- --dry-run            only shows what would be done
npm run deploy:aws -- --destroy            removes everything but the table and the settings
npm run deploy:aws -- --destroy --with-data    removes those, too
npm run deploy:aws -- rotate <what>        a new secret: ${ROTATED.join(', ')}
npm run deploy:aws -- rotate <what> --finish   ends the old value of a token

  --region <region>    where (else AWS_REGION, or the region of your AWS profile)
  --name <name>        name of the deployment and its table (${DEFAULTS.name})
  --domain <domain>    a domain of your own; its hosted zone must be in Route 53 of this account
  --no-domain          without one again
  --waf, --no-waf      a firewall before the CDN (about $7 a month)
  --email <address>    who hears of alarms, and of a bill beyond the budget
  --no-email           nobody again
  --budget <dollars>   the monthly budget (${DEFAULTS.budgetUsd})
  --memory <MB>        memory of the API's function (${DEFAULTS.apiMemoryMb})
  --yes                asks nothing: for scripts
  --help               this text

What was chosen is remembered with the deployment. Secrets of your own are taken from the environment or a .env file here
at the first time (TMDB_API_KEY, PRESHARED_PASSWORD, FEED_TOKEN, …; see .env.example); what is missing is made, or asked
for. Credentials are those of AWS's own tools: AWS_PROFILE, AWS_ACCESS_KEY_ID, …`

/** What was asked for on the command line; undefined: as it was before, else the default. */
export interface Options {
  action: 'deploy' | 'destroy' | 'rotate'
  rotate: Rotated | undefined
  finish: boolean
  region: string | undefined
  name: string
  /** Null takes away. */
  domain: string | null | undefined
  waf: boolean | undefined
  email: string | null | undefined
  budgetUsd: number | undefined
  apiMemoryMb: number | undefined
  yes: boolean
  dryRun: boolean
  withData: boolean
}

const FLAGS = {
  region: { type: 'string' },
  name: { type: 'string' },
  domain: { type: 'string' },
  'no-domain': { type: 'boolean' },
  waf: { type: 'boolean' },
  'no-waf': { type: 'boolean' },
  email: { type: 'string' },
  'no-email': { type: 'boolean' },
  budget: { type: 'string' },
  memory: { type: 'string' },
  yes: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  destroy: { type: 'boolean' },
  'with-data': { type: 'boolean' },
  finish: { type: 'boolean' },
} as const

/** What describes a deployment: said beside anything but a deploy it would do nothing. */
const DESCRIBES = ['domain', 'no-domain', 'waf', 'no-waf', 'email', 'no-email', 'budget', 'memory'] as const

function whole(flag: string, value: string | undefined, least: number, most: number): number | undefined {
  if (value === undefined) return undefined
  const number = /^\d{1,6}$/.test(value) ? Number(value) : -1
  if (number < least || number > most) throw new Refusal(`--${flag}: expected a whole number from ${least} to ${most}.`)
  return number
}

function matching(flag: string, value: string | undefined, form: RegExp, expected: string): string | undefined {
  if (value !== undefined && !form.test(value)) throw new Refusal(`--${flag}: expected ${expected}.`)
  return value
}

/** A mail address as it was given. Throws `Refusal` for what is none. */
export const checkedEmail = (value: string): string =>
  matching('email', value, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'a mail address') ?? value

/** Reads the command line. Throws `Refusal` for what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  const [command, what, ...rest] = positionals
  if ((command !== undefined && command !== 'rotate') || rest.length > 0) {
    throw new Refusal(`${positionals.join(' ')}: expected nothing, or "rotate" and what to rotate. --help says more.`)
  }
  const rotate = ROTATED.find((one) => one === what)
  if (command === 'rotate' && !rotate) throw new Refusal(`rotate: expected one of ${ROTATED.join(', ')}.`)
  if (values['with-data'] && !values.destroy) throw new Refusal('--with-data goes with --destroy alone.')
  if (values.finish && !rotate) throw new Refusal('--finish goes with rotate alone.')
  if (values.destroy && rotate) throw new Refusal('Either --destroy or rotate.')
  const idle = (values.destroy || rotate) && DESCRIBES.find((flag) => values[flag] !== undefined)
  if (idle) throw new Refusal(`--${idle} means nothing beside ${rotate ? 'rotate' : '--destroy'}.`)
  const domain = matching(
    'domain',
    values.domain,
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'a domain in small letters, like films.example.org',
  )
  const name = matching(
    'name',
    values.name,
    /^[a-z][a-z0-9-]{2,30}$/,
    '3 to 31 small letters, digits and hyphens, like stellarr',
  )
  matching('name', name, /^(?!aws|ssm)/, 'a name that does not begin with aws or ssm: those AWS keeps for itself')
  return {
    action: values.destroy ? 'destroy' : rotate ? 'rotate' : 'deploy',
    rotate,
    finish: values.finish ?? false,
    region: matching('region', values.region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region of AWS, like eu-central-1'),
    name: name ?? DEFAULTS.name,
    domain: values['no-domain'] ? null : domain,
    waf: values['no-waf'] ? false : values.waf,
    email: values['no-email'] ? null : values.email === undefined ? undefined : checkedEmail(values.email),
    budgetUsd: whole('budget', values.budget, 1, 100_000),
    apiMemoryMb: whole('memory', values.memory, 128, 10_240),
    yes: values.yes ?? false,
    dryRun: values['dry-run'] ?? false,
    withData: values['with-data'] ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true })
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new Refusal(`${sentence}. --help says what there is.`)
  }
}
