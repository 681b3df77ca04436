// `npm run trust` (scripts/trust.mjs installs and builds first): does to the store and the server what ends lesser ones,
// and prints how often each thing was tried and survived.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type AwsGround, awsGround } from './aws-ground.ts'
import type { Line } from './line.ts'
import { LINES } from './lines/index.ts'
import { lacking } from './needs.ts'
import { tally } from './tally.ts'

const HELP = `npm run trust                   tries everything, and goes on where the last run of this build was stopped
npm run trust -- --only NAME    one line, or all whose names begin so; may be given again
npm run trust -- --short        a few tries of each
npm run trust -- --fresh        forgets what earlier runs found
npm run trust -- --list         the lines
Ends with 1 when anything was not survived.`

/** How often a line that has nothing to say shows that it is still at work. */
const HEARTBEAT_MS = 10_000

interface Result {
  tried: number
  survived: number
  failures: string[]
  figures?: string
  seconds: number
}

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    short: { type: 'boolean' },
    fresh: { type: 'boolean' },
    list: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

/** What earlier runs of the same build found, by line and number of tries. */
const keptAt = join(import.meta.dirname, '../.stamps/trust', `${process.env.STELLARR_TRUST_BUILD ?? 'any'}.json`)
const kept: Record<string, Result> = existsSync(keptAt) && !asked.fresh ? JSON.parse(readFileSync(keptAt, 'utf8')) : {}

function keep(key: string, result: Result): void {
  kept[key] = result
  mkdirSync(dirname(keptAt), { recursive: true })
  writeFileSync(keptAt, JSON.stringify(kept))
}

let ground: Promise<AwsGround> | undefined

/** Runs one line in a folder of its own. A line that throws has survived nothing more. */
async function runLine(line: Line, tries: number): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), `stellarr-trust-${line.name}-`))
  const counts = tally()
  const began = Date.now()
  let last = ''
  const heartbeat = setInterval(() => {
    const { tried, survived } = counts.result()
    console.error(`  ${line.name}: ${Math.round((Date.now() - began) / 1000)} s, ${survived}/${tried} ${last}`)
  }, HEARTBEAT_MS)
  let figures: string | undefined
  try {
    figures = await line.run({
      tries,
      tally: counts,
      folder,
      say: (text) => {
        last = text
      },
      aws: () => {
        ground ??= awsGround()
        return ground
      },
    })
  } catch (error) {
    counts.note(false, `ended: ${error instanceof Error ? error.stack : error}`)
  } finally {
    clearInterval(heartbeat)
    rmSync(folder, { recursive: true, force: true })
  }
  const seconds = (Date.now() - began) / 1000
  return { ...counts.result(), seconds, ...(figures !== undefined && { figures }) }
}

function row(line: Line, { tried, survived, seconds, figures = '' }: Result): string {
  const count = `${survived}/${tried}`.padStart(15)
  return `${survived === tried ? '✓' : '✗'} ${line.title.padEnd(58)} ${line.store.padEnd(8)} ${count}  ${seconds.toFixed(0)} s  ${figures}`
}

async function main(): Promise<void> {
  if (asked.help) return console.log(HELP)
  const wanted = LINES.filter(({ name }) => asked.only?.some((one) => name.startsWith(one)) ?? true)
  if (wanted.length === 0)
    throw new Error(`--only: expected one of ${[...new Set(LINES.map((one) => one.name))].join(', ')}.`)
  if (asked.list)
    return console.log(
      wanted.map(({ name, store, title }) => `${name.padEnd(24)} ${store.padEnd(9)} ${title}`).join('\n'),
    )
  let failed = 0
  for (const line of wanted) {
    const tries = asked.short ? line.tries.short : line.tries.whole
    const key = `${line.name} ${line.store} ${tries}`
    const reason = lacking(line.needs)
    if (reason !== undefined) {
      console.log(`– ${line.title.padEnd(58)} ${line.store.padEnd(8)} not run: ${reason}`)
      continue
    }
    const known = kept[key]
    const result = known && known.survived === known.tried ? known : await runLine(line, tries)
    keep(key, result)
    console.log(row(line, result))
    for (const failure of result.failures) console.log(`    ${failure.replaceAll('\n', '\n    ')}`)
    // A line that tried nothing has shown nothing.
    if (result.survived < result.tried || result.tried === 0) failed += 1
  }
  await (await ground)?.stop()
  console.log(failed === 0 ? 'Everything was survived.' : `${failed} lines were not survived whole.`)
  process.exitCode = failed === 0 ? 0 : 1
}

await main()
