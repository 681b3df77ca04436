import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { awsOf, explained, regionOf } from './aws.ts'
import { deploy, type Surroundings } from './deploy.ts'
import { destroy } from './destroy.ts'
import { publicNameServers } from './edge.ts'
import { HELP, readOptions } from './options.ts'
import { rotate } from './rotate.ts'
import { runCdk } from './run-cdk.ts'
import { terminalTalk } from './talk.ts'

export { Refusal } from './refusal.ts'

const HEALTHY_SECONDS = 300
const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000))

/** Waits until an address answers as healthy, with a word now and then; false when it did not in time. */
async function healthy(url: string, say: (line: string) => void): Promise<boolean> {
  for (let waited = 0; waited < HEALTHY_SECONDS; waited += 5) {
    const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined)
    if (answer?.ok) return true
    if (waited > 0 && waited % 30 === 0) say(`  ${waited} s`)
    await sleep(5)
  }
  return false
}

/** What is given by whoever runs the command: the world's name servers are asked where it is not said otherwise. */
type Given = Pick<Surroundings, 'build' | 'siteDir'> & Partial<Pick<Surroundings, 'nameServers'>>

/**
 * The command line of `npm run deploy:aws`.
 * @param given.build builds functions and web app when a source has changed
 * @throws `Refusal` for what a person can mend
 */
export async function main(args: readonly string[], given: Given): Promise<void> {
  if (args.includes('--help')) return console.log(HELP)
  const options = readOptions(args)
  const talk = terminalTalk(options)
  const outdir = mkdtempSync(join(tmpdir(), 'stellarr-cdk-'))
  try {
    const region = await regionOf(options.region)
    const aws = awsOf(region)
    const surroundings: Surroundings = {
      aws,
      talk,
      env: process.env,
      nameServers: publicNameServers,
      ...given,
      // The CDK takes two seconds to load, and many a run ends before.
      synthesize: async (deployment, keeps) => {
        const { synthesize } = await import('../synth.ts')
        return synthesize(deployment, { outdir: mkdtempSync(join(outdir, 'assembly-')), keeps })
      },
      cdk: (cdkArgs) => runCdk(cdkArgs, talk.say),
      healthy: (url) => healthy(url, talk.say),
    }
    if (options.action === 'destroy') await destroy(options, surroundings)
    else if (options.rotate) await rotate({ ...options, rotate: options.rotate }, surroundings, sleep)
    else await deploy(options, surroundings)
  } catch (error) {
    throw explained(error)
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}
