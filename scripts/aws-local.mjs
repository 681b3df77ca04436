// npm run aws:local: the whole AWS deployment on this machine, as its template describes it: the CDN's behaviours, the
// built functions and the web app over a local DynamoDB, with stand-ins for S3 and SSM. Nothing is kept when it ends.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, buildLambda, ensureNode24, install, loadEnvFile, main, ROOT, Stop } from './node24.mjs'

const HELP = `npm run aws:local            opens the AWS deployment on http://localhost:8081
npm run aws:local -- --help  this text

PORT changes the port. TMDB_API_KEY, PRESHARED_PASSWORD, ADMIN_PASSWORD and the tokens are taken from the environment
or a .env file here; passwords and tokens that are missing are made and shown. Data is gone when it ends.`

/** Settings that a household may have of its own, besides the senders' tokens; see .env.example. */
const OWN = [
  'PRESHARED_PASSWORD',
  'ADMIN_PASSWORD',
  'TMDB_API_KEY',
  'TMDB_BASE_URL',
  'TVDB_API_KEY',
  'PLEX_SERVER_NAME',
  'LOG_LEVEL',
  'APP_SECRET_KEY',
  'FEED_TOKEN',
  'SYNC_TOKEN',
]
const isMade = (name) => /_(PASSWORD|KEY|TOKEN)$/.test(name) && !/^T(M|V)DB_/.test(name)

main(async () => {
  if (process.argv.includes('--help')) return console.log(HELP)
  await install('all')
  ensureNode24(import.meta.url)
  await loadEnvFile()
  const port = Number(process.env.PORT || 8081)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Stop('PORT: expected a whole number from 0 to 65535.')
  await build()
  await buildLambda()
  console.log('Reading the template…')
  const { startLocalAws, unpack } = await import('../infra/src/local/index.ts')
  const { DEFAULTS } = await import('../infra/src/deployment.ts')
  const { synthesize } = await import('../infra/src/synth.ts')
  const { WEBHOOK_TOKEN_SETTINGS } = await import('../packages/http/src/settings.ts')
  const { startEngine } = await import('../packages/storage-dynamo/src/testing/index.ts')
  const own = [...OWN, ...Object.values(WEBHOOK_TOKEN_SETTINGS)]
  const given = Object.fromEntries(own.filter((name) => process.env[name]).map((name) => [name, process.env[name]]))
  const made = Object.fromEntries(
    own.filter((name) => isMade(name) && !given[name]).map((name) => [name, randomBytes(18).toString('base64url')]),
  )
  const outdir = mkdtempSync(join(tmpdir(), 'stellarr-aws-'))
  const { main: template } = await synthesize(
    { ...DEFAULTS, account: '111111111111', region: 'eu-central-1' },
    { outdir },
  )
  const functions = [unpack('api'), unpack('refresh-trending')]
  const engine = await startEngine()
  const end = async () => {
    await engine.stop()
    for (const one of functions) one.remove()
    rmSync(outdir, { recursive: true, force: true })
  }
  try {
    const table = await engine.freshTable({ ttl: true })
    const storage = await engine.openStorage({ now: Date.now }, { table })
    // The settings name the table's store, as the deploy command has it.
    const STORE_ID = await storage.identity.storeId()
    await storage.close()
    const aws = await startLocalAws({
      template,
      settings: { ...made, ...given, STORE_ID },
      functions: { api: functions[0].folder, refreshTrending: functions[1].folder },
      table,
      dynamodbEndpoint: engine.endpoint,
      siteDir: join(ROOT, 'apps/web/dist'),
      host: 'localhost',
      port,
    })
    console.log(`\nThe AWS deployment is open on ${aws.url} (Ctrl-C ends it, and its data with it)`)
    for (const name of ['PRESHARED_PASSWORD', 'ADMIN_PASSWORD', 'FEED_TOKEN']) {
      if (made[name]) console.log(`  ${name}  ${made[name]}`)
    }
    if (!given.TMDB_API_KEY) console.log('  The sample catalogue is in use; TMDB_API_KEY brings all titles.')
    let ending = false
    const stop = async () => {
      if (ending) process.exit(1)
      ending = true
      await aws.stop()
      await end()
      process.exit(0)
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  } catch (error) {
    await end()
    throw error.code === 'EADDRINUSE' ? new Stop(`PORT: ${port} is in use on this machine; choose another.`) : error
  }
})
