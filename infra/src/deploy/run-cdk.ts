import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Refusal } from './refusal.ts'
import { withoutSettings } from './settings-document.ts'

/** Lines of the end that are shown when it fails. */
const LAST_LINES = 25
const HEARTBEAT_MS = 10_000

/** `stellarr | 12/32 | 10:11:12 | CREATE_COMPLETE | AWS::S3::Bucket | Web (…)`, as the CDK tells of a resource. */
const EVENT = /\|\s*(\d+\/\d+)\s*\|[^|]*\|\s*(\w+)\s*\|\s*(AWS::[\w:]+)/

/**
 * Runs the CDK's command, telling now and then how far CloudFormation is.
 * @throws `Refusal` with the last lines of its output when it fails
 */
export async function runCdk(args: readonly string[], say: (line: string) => void): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cdk-process.mjs')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...withoutSettings(process.env), CI: 'true', NO_COLOR: '1', CDK_DISABLE_CLI_TELEMETRY: 'true' },
  })
  // Setting an account up knows no such option.
  const progress = args[0] === 'bootstrap' ? [] : ['--progress', 'events']
  child.stdin.end(JSON.stringify([...args, '--no-notices', ...progress]))
  const lines: string[] = []
  let latest = ''
  const began = Date.now()
  const heartbeat = setInterval(() => {
    say(`  ${Math.round((Date.now() - began) / 1000)} s${latest === '' ? '' : `: ${latest}`}`)
  }, HEARTBEAT_MS)
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      const [, count, status, type] = EVENT.exec(line) ?? []
      if (count !== undefined) latest = `${count}, ${type} ${status}`
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearInterval(heartbeat)
  if (code === 0) return
  throw new Refusal(
    `The CDK could not do it:\n${lines.slice(-LAST_LINES).join('\n')}\nWhat was done stays; run it again to go on.`,
  )
}
