// Asks the app of the same settings whether it is healthy; exit 0 says so, 1 says why not. An image needs no curl.
import { loadEnvFile } from '@stellarr/http/env-file'
import { healthUrl } from './health-url.ts'
import { readSettings } from './settings.ts'

const LIMIT_MS = 3_000

async function main(): Promise<void> {
  loadEnvFile()
  const answer = await fetch(healthUrl(readSettings(process.env)), { signal: AbortSignal.timeout(LIMIT_MS) })
  if (!answer.ok) throw new Error(`/api/health answers ${answer.status}`)
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause : error).message : String(error)
    console.error(`not healthy: ${reason}`)
    process.exit(1)
  },
)
