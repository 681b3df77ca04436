// npm run build: installs and builds everything through turbo.
import { env24, install, main, run } from './node24.mjs'

main(async () => {
  await install('all')
  await run('Building', 'npx', ['turbo', 'run', 'build'], { env: env24(), loud: true })
})
