// npm run export, npm run import: the part of the stellarr command that moves house, built when it is missing. Installs
// what is missing for it.
import { buildCommand, install, main } from './node24.mjs'
import { runProgram } from './run-program.mjs'

main(async () => {
  await install('command')
  await buildCommand()
  runProgram('apps/cli/dist/stellarr.mjs')
})
