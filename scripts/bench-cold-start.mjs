// The bench of cold starts: from the spawn of node to the first answer of the built API's feed over a local DynamoDB,
// beside an empty function, bare Express + serverless-http + one signed query, and the AWS SDK asking once. The runs
// are interleaved, so that what else the machine does meets all alike. Also alone: node scripts/bench-cold-start.mjs
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleOptions } from './bundle.mjs'
import { ensureNode24, ROOT } from './node24.mjs'

const RUNS = 15
const MOVIES = 10
const FEED_TOKEN = 'feed-token-of-the-bench'
const ORIGIN_SECRET = 'origin-secret-of-the-bench'
const API = join(ROOT, 'apps/lambda/dist/api/index.mjs')
const LAMBDA = new URL('../apps/lambda/', import.meta.url)

/** Bundles the functions to compare with as ours is bundled; answers the path of each. */
async function bundleOthers(folder) {
  const { build } = createRequire(new URL('package.json', LAMBDA))('esbuild')
  await build({
    ...bundleOptions(new URL('build.mjs', LAMBDA).href),
    nodePaths: ['apps/lambda', 'packages/http', 'packages/storage-dynamo', '.'].map((at) =>
      join(ROOT, at, 'node_modules'),
    ),
    entryPoints: {
      bare: join(ROOT, 'scripts/bench-bare-function.mjs'),
      sdk: join(ROOT, 'scripts/bench-sdk-function.mjs'),
    },
    outdir: folder,
  })
  const empty = join(folder, 'empty.mjs')
  writeFileSync(empty, "export const handler = async () => ({ statusCode: 200, body: '[]' })\n")
  return { empty, bare: join(folder, 'bare.mjs'), sdk: join(folder, 'sdk.mjs') }
}

/** A table with a few movies; answers what a function must know of it. */
async function fillTable(engine, clock) {
  const { aMovieRequest } = await import('../packages/core/src/testing/builders.ts')
  const table = await engine.freshTable()
  const storage = await engine.openStorage(clock, { table })
  for (let n = 1; n <= MOVIES; n += 1) {
    await storage.requests.add(
      aMovieRequest({ tmdbId: n, title: `Movie ${n}`, imdbId: `tt${String(n).padStart(7, '0')}` }),
    )
  }
  const storeId = await storage.identity.storeId()
  await storage.close()
  return { DYNAMODB_TABLE: table, DYNAMODB_ENDPOINT: engine.endpoint, STORE_ID: storeId, AWS_REGION: engine.region }
}

/** Milliseconds from the spawn to the first answer. */
function coldStart(index, env) {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(process.execPath, [join(ROOT, 'scripts/bench-one-call.mjs'), pathToFileURL(index).href], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let ms
    let output = ''
    let errors = ''
    child.stdout.on('data', (text) => {
      ms ??= performance.now() - began
      output += text
    })
    child.stderr.on('data', (text) => (errors += text))
    child.on('close', () => {
      if (output.startsWith('200 ')) resolve(ms)
      else reject(new Error(`${index} answered ${output || errors.slice(-500)}`))
    })
  })
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]

/** Measures and prints. */
export async function benchColdStart() {
  if (!existsSync(API)) throw new Error('Build first: npm run build')
  const { startEngine } = await import('../packages/storage-dynamo/src/testing/index.ts')
  const engine = await startEngine()
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-cold-start-'))
  try {
    const { accessKeyId, secretAccessKey } = engine.credentials()
    const env = {
      ...(await fillTable(engine, { now: () => Date.now() })),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      BASE_URL: 'https://stellarr.example.org',
      APP_SECRET_KEY: 'app-secret-key-of-the-bench',
      PRESHARED_PASSWORD: 'household-password-1',
      ADMIN_PASSWORD: 'admin-password-1',
      FEED_TOKEN,
      SYNC_TOKEN: 'sync-token-of-the-bench',
      PLEX_WEBHOOK_TOKEN: 'plex-token-of-the-bench',
      ORIGIN_VERIFY_SECRET: ORIGIN_SECRET,
      BENCH_EVENT: JSON.stringify({
        version: '2.0',
        rawPath: '/list/radarr',
        rawQueryString: '',
        headers: {
          'x-api-key': FEED_TOKEN,
          'x-origin-verify': ORIGIN_SECRET,
          'cloudfront-viewer-address': '203.0.113.7:46532',
        },
        requestContext: { http: { method: 'GET', path: '/list/radarr', sourceIp: '130.176.0.1' } },
        isBase64Encoded: false,
      }),
    }
    const others = await bundleOthers(folder)
    const rows = [
      ['empty function', others.empty],
      ['bare Express + serverless-http + query', others.bare],
      ['AWS SDK, query alone', others.sdk],
      ['the API, first feed', API],
    ].map(([name, index]) => ({ name, index, times: [] }))
    for (let run = 0; run < RUNS; run += 1) {
      for (const row of rows) row.times.push(await coldStart(row.index, env))
    }
    const [empty, bare] = rows.map((row) => median(row.times))
    console.log(`\ncold start, median of ${RUNS}, DynamoDB by ${engine.name}`)
    for (const { name, times } of rows) {
      const ms = median(times)
      const ratios = `${(ms / empty).toFixed(2)} × empty   ${(ms / bare).toFixed(2)} × bare`
      console.log(`${name.padEnd(40)}${ms.toFixed(0).padStart(6)} ms   ${ratios}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await engine.stop()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureNode24(import.meta.url)
  await benchColdStart()
  process.exit(0)
}
