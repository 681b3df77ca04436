import { existsSync } from 'node:fs'
import { Refused } from '../backup/refused.ts'
import type { Command } from './command-line.ts'

/** The program that moves house, which reads the command line itself: beside this one in the image, in a clone where it is built. */
const PLACES = ['./moving.mjs', '../../cli/dist/stellarr.mjs']

async function run(): Promise<void> {
  const program = PLACES.map((place) => new URL(place, import.meta.url)).find((place) => existsSync(place))
  if (!program) throw new Refused('The program that moves house is not built: use npm run export or npm run import.')
  await import(program.href)
}

/** `stellarr export` and `stellarr import`. */
export const exporting: Command = {
  usage: 'export [FILE]',
  line: 'writes what the store holds, to move to another machine or to AWS',
  run,
}
export const importing: Command = {
  usage: 'import FILE',
  line: 'brings an exported file into an empty store',
  run,
}
