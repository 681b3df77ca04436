import { deploymentParameter, EDGE_REGION, edgeStackName, settingsParameter, tableName } from '../deployment.ts'
import type { Aws } from './aws.ts'
import type { Options } from './options.ts'
import { Refusal } from './refusal.ts'
import { emptyBuckets } from './site-bucket.ts'
import type { Talk } from './talk.ts'

/**
 * Removes a deployment. The table and the settings stay, for a later deploy to take up again, unless `withData`.
 * @throws `Refusal` when it is not confirmed
 */
export async function destroy(options: Options, { aws, talk }: { aws: Aws; talk: Talk }): Promise<void> {
  const names = { name: options.name }
  const table = tableName(names)
  const parameters = [settingsParameter(names), deploymentParameter(names)]
  const account = await aws.account()
  const main = await aws.stack(aws.region, names.name)
  const edgeName = edgeStackName({ ...names, region: aws.region })
  const edge = await aws.stack(EDGE_REGION, edgeName)
  const hasTable = await aws.hasTable(table)
  const there = (await Promise.all(parameters.map(aws.parameter))).flatMap((value, index) =>
    value === undefined ? [] : [parameters[index] ?? ''],
  )
  const data = [...(hasTable ? [`table ${table}`] : []), ...there.map((name) => `parameter ${name}`)]
  const goes = [
    ...(main ? [`stack ${names.name} in ${aws.region}, with its buckets`] : []),
    ...(edge ? [`stack ${edgeName} in ${EDGE_REGION}`] : []),
    ...(options.withData ? data : []),
  ]
  talk.say(`Account ${account}, region ${aws.region}`)
  for (const one of goes) talk.say(`  - ${one}`)
  if (!options.withData) for (const one of data) talk.say(`  = ${one}: stays`)
  if (goes.length === 0)
    return talk.say(`There is nothing to remove in ${aws.region}. Another region is named by --region.`)
  if (options.dryRun) return talk.say('Nothing was done (--dry-run).')
  if (!options.yes) {
    const what = options.withData ? 'This deletes every request, for ever. ' : ''
    const typed = await talk.ask(`${what}Type ${names.name} to remove it:`)
    if (typed === undefined) throw new Refusal('There is no terminal to ask at: add --yes to go on.')
    if (typed !== names.name) throw new Refusal('Nothing was done.')
  }

  if (main) await emptyBuckets(aws, talk, main)
  const remove = async (region: string, name: string) => {
    talk.say(`Removing the stack ${name} in ${region} (CloudFront takes some minutes)…`)
    let told = 0
    await aws.deleteStack(region, name, (seconds) => {
      if (seconds - told < 10) return
      told = seconds
      talk.say(`  ${seconds} s`)
    })
  }
  if (main) await remove(aws.region, names.name)
  // After the CDN, which holds on to its certificate and firewall.
  if (edge) await remove(EDGE_REGION, edgeName)
  if (options.withData) {
    if (hasTable) talk.say(`Deleting the table ${table}…`)
    await aws.deleteTable(table)
    for (const name of there) await aws.deleteParameter(name)
  }
  talk.say(
    options.withData || data.length === 0
      ? 'Everything is removed.'
      : 'Removed. The table and the settings stay: "npm run deploy:aws" takes them up again, "--destroy --with-data" deletes them.',
  )
}
