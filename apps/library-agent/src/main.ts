#!/usr/bin/env node
import { runAgent } from './agent.ts'

/** Written in by esbuild. */
declare const STELLARR_VERSION: string

const stop = new AbortController()
const args = process.argv.slice(2)
if (args.some((arg) => arg.startsWith('--watch'))) {
  // A second signal ends it at once, as signals do.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
}
// A reader such as `head` may leave early.
process.stdout.on('error', () => undefined)

if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`The library agent needs Node 20 or newer, and this is ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  process.exitCode = await runAgent({
    args,
    version: STELLARR_VERSION,
    env: process.env,
    out: process.stdout,
    err: process.stderr,
    stop: stop.signal,
  })
}
