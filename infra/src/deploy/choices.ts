import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { DEFAULTS, type Deployment } from '../deployment.ts'
import type { Aws } from './aws.ts'
import type { Options } from './options.ts'
import { Refusal } from './refusal.ts'

const remembered = v.object({
  domain: v.optional(v.object({ name: v.string(), zoneId: v.string(), zoneName: v.string() })),
  waf: v.boolean(),
  alarmEmail: v.optional(v.string()),
  budgetUsd: v.number(),
  apiMemoryMb: v.number(),
  /** Tells which secret the stack was given last. */
  origin: v.optional(v.string()),
})
/** What a deployment remembers of what was chosen. */
export type Choices = v.InferOutput<typeof remembered>

/** Reads the remembered text. Throws `Refusal` for another one. */
export function readChoices(parameter: string, text: string | undefined): Choices | undefined {
  if (text === undefined) return undefined
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), remembered), text)
  if (result.success) return result.output
  throw new Refusal(
    `${parameter}: expected what this command wrote there. Delete that parameter in SSM and choose again.`,
  )
}

/** Tells one secret of the CDN's from another, and says nothing of either: they are random and long. */
export const originMark = (secret: string): string => createHash('sha256').update(secret).digest('hex').slice(0, 16)

/** What is remembered of a deployment. @param origin the mark of the secret that its stack has, once it has one */
export const choicesText = (
  { domain, waf, alarmEmail, budgetUsd, apiMemoryMb }: Deployment | Choices,
  origin: string | undefined,
): string =>
  JSON.stringify({
    ...(domain && { domain }),
    waf,
    ...(alarmEmail !== undefined && { alarmEmail }),
    budgetUsd,
    apiMemoryMb,
    ...(origin !== undefined && { origin }),
  })

/** What is deployed: the flags, else what was chosen before, else the defaults. Throws `Refusal` for a domain without a zone. */
export async function chosenDeployment(
  options: Options,
  before: Choices | undefined,
  aws: Aws,
  account: string,
): Promise<Deployment> {
  const kept = <Value>(flag: Value | null | undefined, old: Value | undefined) =>
    flag === null ? undefined : (flag ?? old)
  const domainName = kept(options.domain, before?.domain?.name)
  let domain = before?.domain
  if (domainName !== domain?.name) {
    const zone = domainName === undefined ? undefined : await aws.zoneOf(domainName)
    if (domainName !== undefined && !zone) {
      throw new Refusal(
        `--domain: no hosted zone of this account holds ${domainName}. Make one in Route 53 and let your registrar name its servers, or choose a domain of a zone that is there.`,
      )
    }
    domain = domainName === undefined || !zone ? undefined : { name: domainName, ...zone }
  }
  return {
    name: options.name,
    account,
    region: aws.region,
    domain,
    waf: options.waf ?? before?.waf ?? DEFAULTS.waf,
    alarmEmail: kept(options.email, before?.alarmEmail),
    budgetUsd: options.budgetUsd ?? before?.budgetUsd ?? DEFAULTS.budgetUsd,
    apiMemoryMb: options.apiMemoryMb ?? before?.apiMemoryMb ?? DEFAULTS.apiMemoryMb,
  }
}
