import { Resolver } from 'node:dns/promises'
import * as v from 'valibot'
import {
  CERTIFICATE_PARAMETER,
  type Deployment,
  EDGE_OUTPUTS,
  EDGE_REGION,
  edgeStackName,
  FIREWALL_PARAMETER,
} from '../deployment.ts'
import type { EdgeParts } from '../edge-stack.ts'
import type { Aws } from './aws.ts'

const templateShape = v.object({
  Resources: v.record(v.string(), v.object({ Type: v.string(), Properties: v.unknown() })),
})
const certificateShape = v.object({
  DomainName: v.string(),
  DomainValidationOptions: v.tuple([v.object({ HostedZoneId: v.string() })]),
})

/** What a deployed edge stack holds, read from its template. */
export function edgePartsOf(template: unknown): EdgeParts {
  const resources = Object.values(v.parse(templateShape, template).Resources)
  return {
    domains: resources.flatMap(({ Type, Properties }) => {
      if (Type !== 'AWS::CertificateManager::Certificate') return []
      const { DomainName, DomainValidationOptions } = v.parse(certificateShape, Properties)
      return [{ name: DomainName, zoneId: DomainValidationOptions[0].HostedZoneId }]
    }),
    waf: resources.some(({ Type }) => Type === 'AWS::WAFv2::WebACL'),
  }
}

/** What the main stack is told of the edge stack. */
export async function edgeParameters(aws: Aws, deployment: Deployment): Promise<Record<string, string>> {
  const outputs = (await aws.stack(EDGE_REGION, edgeStackName(deployment)))?.outputs ?? {}
  const given: [string, string | undefined][] = [
    [CERTIFICATE_PARAMETER, deployment.domain && outputs[EDGE_OUTPUTS.certificateArn]],
    [FIREWALL_PARAMETER, deployment.waf ? outputs[EDGE_OUTPUTS.webAclArn] : undefined],
  ]
  return Object.fromEntries(given.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}

/** The name servers that the world knows of a zone: none when it knows the zone not; undefined when nobody could be asked. */
export async function publicNameServers(zoneName: string): Promise<string[] | undefined> {
  try {
    return await new Resolver({ timeout: 2_000, tries: 2 }).resolveNs(zoneName)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : undefined
  }
}

/**
 * A line of the plan for a zone that the world looks for elsewhere: its certificate would wait for days without a word.
 * @param wanted the zone's name servers in Route 53
 */
export function delegationWarning(
  zoneName: string,
  wanted: readonly string[],
  known: readonly string[] | undefined,
): string[] {
  const plain = (server: string) => server.toLowerCase().replace(/\.$/, '')
  const servers = wanted.map(plain)
  if (known === undefined || known.map(plain).some((server) => servers.includes(server))) return []
  return [
    `! ${zoneName} is not answered by its zone in Route 53 yet, and the certificate waits for that: enter ${servers.join(', ')} as its name servers at your registrar first`,
  ]
}
