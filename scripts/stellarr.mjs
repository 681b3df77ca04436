// npm run stellarr -- …: the stellarr command, built when it is missing. Installs what is missing for it.
import { build, buildCommand, install, main } from './node24.mjs'
import { runProgram } from './run-program.mjs'

main(async () => {
  await install('command')
  await build()
  // What moves house is large, and apart.
  if (process.argv[2] === 'export' || process.argv[2] === 'import') await buildCommand()
  runProgram('apps/docker/dist/stellarr.mjs')
})
