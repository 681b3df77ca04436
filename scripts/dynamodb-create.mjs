// npm run dynamodb:create: makes the DynamoDB table with its store id. Running it again changes nothing.
import { ensureNode24, install, loadEnvFile, main, Stop } from './node24.mjs'

const HELP = `npm run dynamodb:create   makes the table, waits until it can be used and says its store's id

DYNAMODB_TABLE     its name (needed)
AWS_REGION         where it is made (needed but for an engine of your own)
DYNAMODB_ENDPOINT  another DynamoDB than Amazon's, such as http://localhost:8000
Credentials are AWS's usual variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.

Settings are environment variables or lines of a .env file here; see .env.example.`

main(async () => {
  if (process.argv.includes('--help')) return console.log(HELP)
  await install('all')
  ensureNode24(import.meta.url)
  await loadEnvFile()
  const { DYNAMODB_TABLE: table, DYNAMODB_ENDPOINT: endpoint, AWS_ACCESS_KEY_ID: accessKeyId } = process.env
  if (!table) throw new Stop('DYNAMODB_TABLE is not set: name the table that is to be made.')
  if (endpoint && !URL.canParse(endpoint)) throw new Stop(`DYNAMODB_ENDPOINT is no address: ${endpoint}`)
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined
  if (!endpoint && !region) throw new Stop('AWS_REGION is not set: name the region that the table is to be made in.')
  const { createTable } = await import('../packages/storage-dynamo/src/create-table.ts')
  // Local engines take any credentials, but some there must be.
  const local = endpoint && !accessKeyId ? { accessKeyId: 'local', secretAccessKey: 'local' } : undefined
  try {
    const { made, storeId } = await createTable({
      table,
      endpoint: endpoint || undefined,
      region,
      credentials: local && (() => local),
    })
    console.log(made ? `Made the table ${table}.` : `The table ${table} was there already; nothing was changed.`)
    console.log(`STORE_ID=${storeId}`)
  } catch (error) {
    throw error.name === 'Fault' ? new Stop(`${table}: ${error.message} ${error.cause?.message ?? ''}`.trim()) : error
  }
})
