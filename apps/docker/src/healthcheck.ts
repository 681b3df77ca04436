// Asks the app of the same settings whether it is healthy; exit 0 says so, 1 says why not. An image needs no curl. It asks
// by node:http: what `fetch` loads takes more memory than a small container has to spare beside the app.
import { get, type IncomingMessage } from 'node:http'
import { loadEnvFile } from '@stellarr/http/env-file'
import { healthUrl } from './health-url.ts'
import { readSettings } from './settings.ts'

const LIMIT_MS = 3_000

async function main(): Promise<void> {
  loadEnvFile()
  const url = healthUrl(readSettings(process.env))
  const { statusCode } = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, signal: AbortSignal.timeout(LIMIT_MS) }, resolve).once('error', reject)
  })
  if (statusCode !== 200) throw new Error(`/api/health answers ${statusCode}`)
}

/** What is wrong, in words: Node puts them into the cause, or says a code alone where it tried several addresses. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { message } = error.cause instanceof Error ? error.cause : error
  return message === '' && 'code' in error ? String(error.code) : message
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`not healthy: ${reasonOf(error)}`)
    process.exit(1)
  },
)
