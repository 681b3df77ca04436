// npm test: installs what tests need, then checks, builds and runs every test. Ends with "N passed, N failed".
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, buildCommand, buildLambda, env24, install, main, run, Stop } from './node24.mjs'
import { partsOf } from './parts.mjs'
import { checkTypes } from './types.mjs'

const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path))

main(async () => {
  const given = process.argv.slice(2)
  await install('all')
  let passed = 0
  let failed = 0
  /** Names of what failed, told once more at the end, where a reader of a long log looks. */
  const failures = []
  const check = async (what, work) => {
    const began = Date.now()
    try {
      await work()
      passed += 1
      console.log(`✓ ${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    } catch (error) {
      failed += 1
      failures.push(what)
      console.error(`✗ ${what}: ${error.message}`)
    }
  }
  const npx = (...args) => run(args[0], 'npx', args, { env: env24() })
  await check('format and lint', () => npx('biome', 'check', '.'))
  await check('types', () => checkTypes(partsOf(given)))
  // A run of everything has it among its tests.
  if (given.length > 0)
    await check('import rules', () =>
      npx('vitest', 'run', '--project', 'unit', '--reporter', 'dot', 'test/import-rules.test.ts'),
    )
  await check('no dead code', () => npx('knip', '--no-progress'))
  await check('build', build)
  await check('build of the command', buildCommand)
  await check('build of the Lambda functions', buildLambda)

  const folder = mkdtempSync(join(tmpdir(), 'stellarr-tests-'))
  const env = { ...env24(), ...(CHROMIUM ? { CHROMIUM_PATH: CHROMIUM } : {}) }
  /** Runs the tests of some projects, and counts them. */
  const test = async (name, projects) => {
    const report = join(folder, `${name}.json`)
    const named = projects.flatMap((project) => ['--project', project])
    const args = [
      'vitest',
      'run',
      ...named,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
      '--passWithNoTests',
      ...given,
    ]
    try {
      await run(name, 'npx', args, { env, loud: true })
    } catch (error) {
      if (!(error instanceof Stop)) throw error
      // A crash outside any test counts too.
      if (!existsSync(report)) failed += 1
    }
    if (!existsSync(report)) return
    const result = JSON.parse(readFileSync(report, 'utf8'))
    passed += result.numPassedTests
    failed += result.numFailedTests
    if (!result.success && result.numFailedTests === 0 && result.numTotalTests > 0) failed += 1
    total += result.numTotalTests
    for (const file of result.testResults)
      if (file.status === 'failed' && file.message) failures.push(`${file.name}: ${file.message}`)
    for (const test of result.testResults.flatMap((file) => file.assertionResults)) {
      const [message] = test.failureMessages
      if (test.status === 'failed') failures.push(`${test.fullName}\n${message}`)
      if (test.status === 'passed' && message)
        console.warn(`! passed at its second try only: ${test.fullName}\n${message}`)
    }
  }
  let total = 0
  await test('vitest', ['unit', 'http', 'http-built', 'http-lambda'])
  if (CHROMIUM) await test('browser', ['browser'])
  else if (process.env.CI === 'true') {
    failed += 1
    console.error('✗ browser: no Chromium found, and CI must have one')
  } else console.log('browser: not run (no Chromium found; set CHROMIUM_PATH)')
  if (total === 0) failed += 1
  rmSync(folder, { recursive: true, force: true })
  for (const failure of failures) console.error(`✗ ${failure}`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
})
