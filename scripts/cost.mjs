import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureNode24, main, ROOT } from './node24.mjs'

main(async () => {
  ensureNode24(import.meta.url)
  const { measure } = await import('../infra/src/cost/measure/index.ts')
  const r = await measure(join(ROOT, 'apps/web/dist'), { say: (line) => console.log(line) })
  writeFileSync(join(ROOT, 'docs/measured-cost.json'), `${JSON.stringify(r, null, 2)}\n`)
})
