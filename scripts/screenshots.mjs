// npm run screenshots [-- FOLDER]: keeps a picture of every page, on a phone and a desktop, in both themes.
import { resolve } from 'node:path'
import { build, env24, install, main, ROOT, run } from './node24.mjs'

main(async () => {
  const folder = resolve(ROOT, process.argv[2] ?? 'screenshots')
  await install('all')
  await build()
  const args = ['vitest', 'run', '--project', 'browser', 'test/browser/pages.test.ts']
  await run('Taking pictures', 'npx', args, { env: { ...env24(), SCREENSHOTS: folder } })
  console.log(`The pictures are in ${folder}`)
})
