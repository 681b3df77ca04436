import {
  type Deployment,
  deploymentParameter,
  EDGE_REGION,
  edgeStackName,
  ORIGIN_PARAMETER,
  OUTPUTS,
  settingsParameter,
  tableName,
} from '../deployment.ts'
import type { EdgeParts } from '../edge-stack.ts'
import type { Synthesized } from '../synth.ts'
import type { StackState } from './aws.ts'
import { choicesText, chosenDeployment, originMark, readChoices } from './choices.ts'
import { delegationWarning, edgeParameters, edgePartsOf } from './edge.ts'
import { checkGround, type Ground, stackPlan, usableStack } from './ground.ts'
import { checkedEmail, type Options } from './options.ts'
import { changesStack, isNothing, type Plan, planLines, type StackPlan } from './plan.ts'
import { Refusal } from './refusal.ts'
import {
  completeSettings,
  readSettingsDocument,
  type SettingChange,
  type SettingsDocument,
  withoutFormerNames,
  writeSettings,
} from './settings-document.ts'
import { bucketOf, emptyBuckets, planSite, siteFiles } from './site-bucket.ts'
import type { Talk } from './talk.ts'

/** What a deploy works with. */
export interface Surroundings extends Ground {
  env: Readonly<Record<string, string | undefined>>
  /** Builds functions and web app when a source has changed. */
  build(): Promise<void>
  siteDir: string
  /** @param keeps what the edge stack has beside what is wanted */
  synthesize(deployment: Deployment, keeps?: EdgeParts): Promise<Synthesized>
  /** The name servers that the world knows of a zone; undefined when nobody could be asked. */
  nameServers(zoneName: string): Promise<string[] | undefined>
  /** Waits until the address answers; false when it did not in time. */
  healthy(url: string): Promise<boolean>
}

/** Asks for what only a person knows and nobody has given. */
async function askForSecrets(
  { talk, env }: Surroundings,
  stored: SettingsDocument | undefined,
): Promise<SettingsDocument> {
  const answers: SettingsDocument = {}
  const isMissing = (name: string) => stored?.[name] === undefined && !env[name]?.trim()
  if (stored !== undefined) return answers
  if (isMissing('PRESHARED_PASSWORD')) {
    const typed = await talk.ask('Password of your household, 10 characters or more (empty: one is made):', {
      secret: true,
    })
    if (typed) answers.PRESHARED_PASSWORD = typed
  }
  if (isMissing('TMDB_API_KEY')) {
    const typed = await talk.ask(
      'TMDB key, free at themoviedb.org → Settings → API (empty: a sample of some 200 titles):',
      { secret: true },
    )
    if (typed) answers.TMDB_API_KEY = typed
  }
  return answers
}

/** Deploys, or says that there is nothing to do. Throws `Refusal` for what a person can mend. */
export async function deploy(options: Options, surroundings: Surroundings): Promise<void> {
  const { aws, talk, env } = surroundings
  const account = await aws.account()
  const names = { name: options.name }
  const [choicesBefore, settingsBefore] = await Promise.all([
    aws.parameter(deploymentParameter(names)),
    aws.parameter(settingsParameter(names)),
  ])
  const before = readChoices(deploymentParameter(names), choicesBefore)
  const isFirst = before === undefined && options.email === undefined && !options.dryRun
  const typed = isFirst
    ? await talk.ask('Mail address for alarms and a bill beyond the budget (empty: nobody hears):')
    : undefined
  const deployment = await chosenDeployment(
    { ...options, email: typed ? checkedEmail(typed) : options.email },
    before,
    aws,
    account,
  )
  if (!options.dryRun) await checkGround(surroundings, deployment)
  const hasEdge = deployment.domain !== undefined || deployment.waf
  const mainStack = await usableStack(surroundings, aws.region, deployment.name)
  const edgeName = edgeStackName(deployment)
  const edgeStack = await usableStack(surroundings, EDGE_REGION, edgeName)

  const stored =
    settingsBefore === undefined ? undefined : readSettingsDocument(settingsParameter(names), settingsBefore)
  const answers = options.dryRun ? {} : await askForSecrets(surroundings, stored)
  const completed = completeSettings(stored, env, answers)
  const settings = completed.settings
  const settingsText = writeSettings(settings)

  talk.say('Building…')
  await surroundings.build()
  talk.say('Reading the templates…')
  const { main, edge, outdir } = await surroundings.synthesize(deployment)
  const files = siteFiles(surroundings.siteDir)
  // Of what is left of another one, buckets may be gone already.
  const isFresh = mainStack === undefined || mainStack.status === 'LEFT'
  const [bucket, trending] = isFresh
    ? []
    : [mainStack.outputs[OUTPUTS.webBucket], mainStack.outputs[OUTPUTS.trendingBucket]]
  const origin = (settings.ORIGIN_VERIFY_SECRET ?? '').split(',')[0] ?? ''
  // Nobody can read back which secret a stack has, so its mark is remembered once it has it.
  const givesOrigin = isFresh || before?.origin !== originMark(origin)
  const lacksTrending = trending !== undefined && (await bucketOf(aws, trending).list()).size === 0
  const edgePlan =
    edge && (await stackPlan(surroundings, { name: edgeName, region: EDGE_REGION, template: edge }, edgeStack))
  const mainPlan = await stackPlan(
    surroundings,
    { name: deployment.name, region: aws.region, template: main },
    mainStack,
  )
  const left: [StackState, string, string][] = []
  if (mainStack?.status === 'LEFT') left.push([mainStack, aws.region, deployment.name])
  if (edgeStack?.status === 'LEFT') left.push([edgeStack, EDGE_REGION, edgeName])
  const plan: Plan = {
    deployment,
    settings: completed.changes,
    later: [
      ...(isFresh || settings.BASE_URL !== mainStack.outputs[OUTPUTS.url] ? ['BASE_URL'] : []),
      ...(settings.STORE_ID === undefined ? ['STORE_ID'] : []),
    ],
    others: [
      ...(givesOrigin && !isFresh ? ['~ the CDN learns the secret of the settings'] : []),
      ...(lacksTrending ? ['+ the daily work runs once: there are no trending files yet'] : []),
      ...left.map(([, region, name]) => `- stack ${name} in ${region}: what a failed first run left`),
      ...(edgeStack && !hasEdge ? [`- stack ${edgeName} in ${EDGE_REGION}`] : []),
      ...(mainStack ? [] : [`+ a new deployment: there is none of this name in ${aws.region}`]),
      ...(edgePlan ? await delegation(surroundings, deployment, edgePlan) : []),
    ],
    choices:
      before && choicesText(deployment, before.origin) !== choicesBefore ? ['what was chosen: as the options say'] : [],
    stacks: edgePlan ? [edgePlan, mainPlan] : [mainPlan],
    site: bucket === undefined ? undefined : planSite(files, await bucketOf(aws, bucket).list()),
    siteFiles: files.length,
  }
  talk.say()
  for (const line of planLines(plan)) talk.say(line)
  talk.say()
  const losesTable = plan.stacks.some(({ diff }) =>
    diff.removed.some((name) => name.startsWith('AWS::DynamoDB::Table')),
  )
  if (losesTable)
    throw new Refusal('This would let go of the table. Nothing was done; is it another version of Stellarr?')
  if (isNothing(plan)) return talk.say('Nothing to change.')
  if (options.dryRun) return talk.say('Nothing was done (--dry-run).')
  if (!(await talk.confirm('Do this?'))) throw new Refusal('Nothing was done.')

  // From here on each step can be done again: whoever is stopped half-way runs the command once more.
  if (choicesText(deployment, before?.origin) !== choicesBefore) {
    await aws.writeParameter(deploymentParameter(names), choicesText(deployment, before?.origin), 'String')
  }
  if (settingsText !== settingsBefore) {
    talk.say('Storing the settings…')
    await aws.writeParameter(settingsParameter(names), settingsText, 'SecureString')
    // At once: were the rest to fail, nobody would see them any more.
    tellPasswords(talk, plan.settings, settings)
  }
  for (const [state, region, name] of left) {
    await emptyBuckets(aws, talk, state)
    await aws.deleteStack(region, name, (s) => talk.say(`  removing ${name}: ${s} s`))
  }
  // What the CDN uses is there before it, and is removed after it.
  const shrinks = edgePlan !== undefined && edgePlan.diff.removed.length > 0
  const edgeDeploy = async (from = outdir) => {
    if (!edgePlan || !changesStack(edgePlan)) return
    talk.say(`Deploying ${edgePlan.name} in ${EDGE_REGION} (a certificate takes some minutes)…`)
    await deployStack(surroundings, from, edgePlan.name, {})
  }
  if (!shrinks) await edgeDeploy()
  else if (edgePlan.diff.added.length > 0) {
    const keeps = edgePartsOf(await aws.template(EDGE_REGION, edgeName))
    await edgeDeploy((await surroundings.synthesize(deployment, keeps)).outdir)
  }
  const isDeployed = changesStack(mainPlan) || givesOrigin
  if (isDeployed) {
    talk.say(`Deploying ${deployment.name} in ${aws.region} (a first time takes about five minutes)…`)
    const parameters = edge ? await edgeParameters(aws, deployment) : {}
    if (givesOrigin) parameters[ORIGIN_PARAMETER] = origin
    await deployStack(surroundings, outdir, deployment.name, parameters)
    if (givesOrigin) {
      await aws.writeParameter(deploymentParameter(names), choicesText(deployment, originMark(origin)), 'String')
    }
  }
  if (shrinks) await edgeDeploy()
  if (edgeStack && !hasEdge) {
    talk.say(`Removing the stack ${edgeName} in ${EDGE_REGION}…`)
    await aws.deleteStack(EDGE_REGION, edgeName, (s) => talk.say(`  ${s} s`))
  }
  const outputs = (await aws.stack(aws.region, deployment.name))?.outputs ?? {}
  const output = (name: keyof typeof OUTPUTS): string => {
    const value = outputs[OUTPUTS[name]]
    if (value === undefined)
      throw new Refusal(`The stack ${deployment.name} has no output ${OUTPUTS[name]}: was it changed by hand?`)
    return value
  }
  const web = bucketOf(aws, output('webBucket'))
  const sitePlan = planSite(files, await web.list())
  if (sitePlan.put.length > 0) talk.say(`Uploading the web app (${sitePlan.put.length} files)…`)
  await web.apply(sitePlan, (n) => n % 20 === 0 && talk.say(`  ${n} of ${sitePlan.put.length}`))

  const url = output('url')
  const storeId = await aws.storeId(tableName(deployment))
  if (settings.STORE_ID !== undefined && settings.STORE_ID !== storeId) {
    talk.say(
      'The table is another store than the one used last: the lists stay closed until the admin confirms it in the app.',
    )
  }
  const last = writeSettings({ ...withoutFormerNames(settings), BASE_URL: url, STORE_ID: settings.STORE_ID ?? storeId })
  if (last !== settingsText) await aws.writeParameter(settingsParameter(names), last, 'SecureString')
  if (isDeployed || lacksTrending) {
    talk.say('Running the daily work once…')
    await aws.invoke(output('dailyFunction'))
  }
  talk.say(`Waiting for ${url}…`)
  const isHealthy = await surroundings.healthy(url)
  talk.say()
  if (isHealthy) talk.say(`Stellarr is open on ${url}`)
  else
    talk.say(`Stellarr is deployed to ${url}, and does not answer yet: a new address takes some minutes to be known.`)
  if (settings.BASE_URL !== undefined && settings.BASE_URL !== url) {
    talk.say(
      '  It is another address than before: within five minutes sign-in works there, and everybody signs in again.',
    )
  }
  if (plan.settings.some(({ name, how }) => name.endsWith('_PASSWORD') && how === 'made')) {
    talk.say('  Passwords that were made stand above, where the settings were stored.')
  }
  talk.say('  Next: sign in as the admin and open Lists for the steps in Radarr and Sonarr.')
  if (settings.TMDB_API_KEY === undefined) {
    talk.say('  A sample catalogue is in use; with a key of TMDB all titles: npm run deploy:aws -- rotate tmdb')
  }
}

/** Passwords made in this run are shown once. */
function tellPasswords(talk: Talk, changes: readonly SettingChange[], settings: SettingsDocument): void {
  const made = (name: string) => changes.some((one) => one.name === name && one.how === 'made')
  if (made('PRESHARED_PASSWORD')) talk.say(`  Household's password: ${settings.PRESHARED_PASSWORD}`)
  if (made('ADMIN_PASSWORD')) talk.say(`  Admin's password:  ${settings.ADMIN_PASSWORD}`)
}

/** What the plan says of the zone of a domain whose certificate is to be made. */
async function delegation(
  { aws, nameServers }: Surroundings,
  { domain }: Deployment,
  { diff }: StackPlan,
): Promise<string[]> {
  if (!domain || !diff.added.some((one) => one.startsWith('AWS::CertificateManager'))) return []
  const [wanted, known] = await Promise.all([aws.nameServersOf(domain.zoneId), nameServers(domain.zoneName)])
  return delegationWarning(domain.zoneName, wanted, known)
}

/** Deploys one stack of the assembly; a table that an earlier deployment has left is taken over. */
function deployStack(
  { cdk }: Pick<Surroundings, 'cdk'>,
  outdir: string,
  stack: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const given = Object.entries(parameters).flatMap(([name, value]) => ['--parameters', `${stack}:${name}=${value}`])
  const always = ['--require-approval', 'never', '--import-existing-resources', '--exclusively']
  return cdk(['deploy', stack, '--app', outdir, ...always, ...given])
}
