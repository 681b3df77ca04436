import { cpus } from 'node:os'
import { startEngine } from '@stellarr/storage-dynamo/testing'
import { type Instance, unpack } from '../../local/instance.ts'
import { type Measured, type OperationName, readMeasured, rounded, type Spent } from '../measured.ts'
import { type Household, LISTED, openHousehold } from './household.ts'
import {
  changingOperations,
  LARGE_LIBRARY,
  type Operation,
  peopleOperations,
  programOperations,
  signIn,
  webhookOperations,
} from './operations.ts'
import { measureWeb } from './web.ts'

/** Runs of a new instance each, runs that are not counted, and runs of an instance that runs already. */
export interface Runs {
  cold: number
  before: number
  warm: number
}
export const USUAL_RUNS: Runs = { cold: 5, before: 3, warm: 9 }
const SMALL_LIBRARY = 1_000

type Results = Partial<Record<OperationName, Measured['operations'][OperationName]>>

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/**
 * Of several runs the middle one, of time the least (what else the machine does only adds to it), of steps the most (the
 * machine decides which calls overlap). Two figures of what varies, and every unit and call.
 */
function summary(runs: readonly Spent[]): Spent {
  const all = (name: keyof Spent) => runs.map((run) => run[name])
  const of = (name: keyof Spent, figures?: number) => {
    const value = median(all(name))
    return figures === undefined ? value : rounded(value, figures)
  }
  return {
    invocations: of('invocations'),
    cpuMs: rounded(Math.min(...all('cpuMs')), 2),
    storeSteps: Math.max(...all('storeSteps')),
    readUnits: of('readUnits'),
    writeUnits: of('writeUnits'),
    filePuts: of('filePuts'),
    settingsReads: of('settingsReads'),
    catalogueCalls: of('catalogueCalls'),
    catalogueSteps: Math.max(...all('catalogueSteps')),
    pushes: of('pushes'),
    bytesIn: of('bytesIn', 2),
    bytesOut: of('bytesOut', 2),
    logBytes: of('logBytes', 2),
    logLines: of('logLines'),
  }
}

/** Runs operations one after another, each by instances of its own. */
async function runAll(household: Household, operations: Operation[], runs: Runs, results: Results): Promise<void> {
  const helper = household.instance('api')
  for (const { name, what, run, prepare } of operations) {
    let n = 0
    const once = async (instance: Instance) => {
      n += 1
      await prepare?.(helper, n)
      return household.observe(instance, () => run(instance, n))
    }
    // What only the very first one does is not usual: it is read for the first time, say.
    await once(helper)
    const cold: Spent[] = []
    while (cold.length < runs.cold) {
      const instance = household.instance('api')
      cold.push(await once(instance))
      await instance.stop()
    }
    const instance = household.instance('api')
    for (let left = runs.before; left > 0; left -= 1) await once(instance)
    const warm: Spent[] = []
    while (warm.length < runs.warm) warm.push(await once(instance))
    await instance.stop()
    results[name] = { what, warm: summary(warm), cold: summary(cold) }
  }
  await helper.stop()
}

/** The daily work, which always starts an instance. */
async function runDaily(household: Household, runs: Runs, results: Results): Promise<void> {
  const all: Spent[] = []
  while (all.length < runs.cold) {
    const instance = household.instance('daily')
    all.push({ ...(await household.observe(instance, () => instance.invoke({}, 300_000))), invocations: 1 })
    await instance.stop()
  }
  const spent = summary(all)
  const what = `The daily work over ${LISTED} requests: twelve trending files, and what is new of them at TMDB`
  results.daily = { what, warm: spent, cold: spent }
}

/** Does some work with a session of Ann's. */
async function asAnn(household: Household, work: (token: string, helper: Instance) => Promise<unknown>): Promise<void> {
  const helper = household.instance('api')
  await work(await signIn(household, helper, 'Ann'), helper)
  await helper.stop()
}

/**
 * Measures the built functions over a local DynamoDB.
 * @param siteDir the built web app
 * @param say told what is measured next
 * @throws when nothing is built, or the engine does not tell capacity units that can be believed
 */
export async function measure(
  siteDir: string,
  { runs = USUAL_RUNS, say = () => undefined }: { runs?: Runs; say?: (line: string) => void } = {},
): Promise<Measured> {
  const functions = [unpack('api'), unpack('refresh-trending')] as const
  const engine = await startEngine()
  const open = (size: number) => openHousehold(engine, { api: functions[0].folder, daily: functions[1].folder }, size)
  const results: Results = {}
  try {
    if (!engine.measuresCost) throw new Error(`${engine.name}: expected dynoxide or amazon, which tell capacity units`)
    say('a household with 100 requests and 5,000 titles: programs')
    const household = await open(LARGE_LIBRARY)
    const tableBytes = rounded(await household.tableBytes(), 2)
    await runAll(household, programOperations(household), runs, results)
    say('its daily work')
    await runDaily(household, runs, results)
    const web = measureWeb(siteDir, household.trendingFiles())
    say('its people')
    await asAnn(household, (ann) => runAll(household, peopleOperations(household, ann), runs, results))
    await household.close()

    say('a library that changes')
    const changing = await open(LARGE_LIBRARY)
    await runAll(changing, changingOperations(changing), runs, results)
    await changing.close()

    say('a library of 1,000, and webhooks')
    const small = await open(SMALL_LIBRARY)
    await asAnn(small, async (ann, helper) => {
      const status = peopleOperations(small, ann).flatMap((one) =>
        one.name === 'libraryStatus5000'
          ? [{ ...one, name: 'libraryStatus1000' as const, what: one.what.replace('5,000', '1,000') }]
          : [],
      )
      await runAll(small, status, runs, results)
      const headers = { authorization: `Bearer ${ann}` }
      await small.ask(helper, { path: '/api/push/subscribe', headers, json: small.device() })
      await runAll(small, webhookOperations(small, ann), runs, results)
    })
    await small.close()

    const about = {
      how: 'npm run cost -- --measure: the built functions over a local DynamoDB, several runs each',
      engine: engine.name,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      node: process.versions.node.split('.')[0] ?? '',
    }
    const bytes = (value: number) => rounded(value, 2)
    return readMeasured(
      JSON.stringify({
        about,
        listedRequests: LISTED,
        operations: results,
        tableBytes,
        web: {
          ...web,
          bytes: bytes(web.bytes),
          worker: { bytes: bytes(web.worker.bytes) },
          trending: { ...web.trending, bytes: bytes(web.trending.bytes) },
          storedBytes: bytes(web.storedBytes),
        },
      }),
    )
  } finally {
    await engine.stop()
    for (const one of functions) one.remove()
  }
}
