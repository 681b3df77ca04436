// npm run typecheck: checks the types of everything, or of the parts that are named.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { excerpt, findings } from './excerpt.mjs'
import { attempt, env24, findNode24, install, main, ROOT, Stop } from './node24.mjs'
import { partsOf, programsFor } from './parts.mjs'

const HELP = `npm run typecheck                   checks the types of everything
npm run typecheck -- packages/core  checks a part: packages, apps, infra or test`

/** How many compilers run at once: each takes up to a gigabyte. */
const LANES = 2

/** The compiler and its arguments for the program of a folder. Paths in its findings are from the root. */
function compiler(folder) {
  const asked = ['-p', folder, '--pretty', 'false']
  if (folder === 'apps/web') return ['apps/web/node_modules/vue-tsc/bin/vue-tsc.js', ...asked]
  const kept = join('.stamps', `${folder === '.' ? 'all' : folder.replaceAll('/', '-')}.tsbuildinfo`)
  return ['node_modules/typescript/bin/tsc', ...asked, '--incremental', '--tsBuildInfoFile', kept]
}

/** Checks the types of some parts, of everything when none is named. Tells each finding once; throws `Stop` for any. */
export async function checkTypes(parts) {
  mkdirSync(join(ROOT, '.stamps'), { recursive: true })
  const waiting = programsFor(parts)
  const ended = []
  const lane = async () => {
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift())
      ended.push(await attempt(`types of ${folder}`, findNode24(), compiler(folder), { env: env24() }))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  if (ended.every(({ code }) => code === 0)) return
  const found = findings(ended.map(({ output }) => output))
  console.error(excerpt(found.join('\n')))
  throw new Stop(found.length === 1 ? 'one finding.' : `${found.length} findings.`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  main(async () => {
    const args = process.argv.slice(2)
    if (args.includes('--help')) return console.log(HELP)
    const parts = partsOf(args)
    if (args.length > 0 && parts.length === 0) throw new Stop(`Not a part: ${args.join(' ')}.\n\n${HELP}`)
    await install('all')
    await checkTypes(parts)
  })
