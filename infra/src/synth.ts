import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { Deployment } from './deployment.ts'
import { edgeStackName } from './deployment.ts'
import { type EdgeParts, EdgeStack } from './edge-stack.ts'
import type { Artefacts } from './functions.ts'
import { MainStack } from './main-stack.ts'

const DIST = join(import.meta.dirname, '../../apps/lambda/dist')

const BUILT: Artefacts = {
  api: join(DIST, 'api.zip'),
  daily: join(DIST, 'refresh-trending.zip'),
  layer: join(DIST, 'web-push-layer.zip'),
}

/** A CloudFormation template as JSON. */
export type Template = Record<string, unknown>

export interface Synthesized {
  /** The cloud assembly, which the CDK's command deploys. */
  outdir: string
  main: Template
  /** Only with a domain or a firewall. */
  edge?: Template | undefined
}

/**
 * Makes the templates of a deployment. The same deployment and files give the same templates, without any network.
 * @param options.artefacts the built functions; those of this checkout when absent
 * @param options.keeps what the edge stack has beside what the deployment wants
 * @throws when cdk-nag finds what nobody has given a reason for
 */
export function synthesize(
  deployment: Deployment,
  { outdir, artefacts = BUILT, keeps }: { outdir: string; artefacts?: Artefacts; keeps?: EdgeParts | undefined },
): Synthesized {
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false, stackTraces: false })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  new MainStack(app, deployment, artefacts)
  if (deployment.domain || deployment.waf) new EdgeStack(app, deployment, keeps)
  const assembly = app.synth()
  const template = (name: string): Template | undefined =>
    assembly.stacks.find((stack) => stack.stackName === name)?.template
  return { outdir, main: template(deployment.name) ?? {}, edge: template(edgeStackName(deployment)) }
}
