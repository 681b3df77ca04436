// npm run cost: what the deployment on AWS costs in a month, worked out of what `--measure` found the built functions to
// use (docs/measured-cost.json). Asks nobody: prices are those of infra/src/cost/prices.ts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureNode24, main, ROOT, Stop } from './node24.mjs'

const HELP = `npm run cost                          the monthly bill of 1, 10, 100 and 1,000 households, and what breaks first
npm run cost -- --region us-east-1    with the prices of another region
npm run cost -- --json                the same for programs
npm run cost -- --measure             measures the built functions first (npm run build) and keeps the figures
npm run cost -- --write-docs          writes the figures into docs/costs.md
npm run cost -- --help                this text`

const MEASURED = join(ROOT, 'docs/measured-cost.json')
const DOCUMENT = join(ROOT, 'docs/costs.md')

function options() {
  const flag = { type: 'boolean', default: false }
  try {
    return parseArgs({
      options: {
        region: { type: 'string' },
        json: flag,
        measure: flag,
        'write-docs': flag,
        help: flag,
      },
    }).values
  } catch (error) {
    throw new Stop(`${error.message.split('. ')[0]}.\n\n${HELP}`)
  }
}

main(async () => {
  ensureNode24(import.meta.url)
  const asked = options()
  if (asked.help) return console.log(HELP)
  const { REGIONS } = await import('../infra/src/cost/prices.ts')
  const { asJson, docsBlock, fullReport, withBlock } = await import('../infra/src/cost/document.ts')
  const { readMeasured } = await import('../infra/src/cost/measured.ts')
  const region = asked.region ?? REGIONS[0]
  if (!REGIONS.includes(region)) throw new Stop(`--region: expected ${REGIONS.join(' or ')}.`)
  if (asked.measure) {
    if (!existsSync(join(ROOT, 'apps/lambda/dist/api.zip'))) throw new Stop('Build first: npm run build')
    const { measure } = await import('../infra/src/cost/measure/index.ts')
    const found = await measure(join(ROOT, 'apps/web/dist'), { say: (line) => console.error(`Measuring ${line}…`) })
    writeFileSync(MEASURED, `${JSON.stringify(found, null, 2)}\n`)
  }
  const measured = readMeasured(readFileSync(MEASURED, 'utf8'))
  if (asked['write-docs']) {
    writeFileSync(DOCUMENT, withBlock(readFileSync(DOCUMENT, 'utf8'), docsBlock(measured)))
    return console.log('docs/costs.md is written.')
  }
  console.log(asked.json ? JSON.stringify(asJson(measured, region), null, 2) : fullReport(measured, region))
})
