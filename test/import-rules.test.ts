import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser'
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const CONFIG = '.dependency-cruiser.mjs'
const rules: IConfiguration = await extractConfig(join(ROOT, CONFIG))

/** The imports of a tree of files, judged by the rules. */
async function judge(root: string, folders: string[]): Promise<ICruiseResult> {
  const { enhancedResolveOptions, ...options } = rules.options ?? {}
  const ruleSet = { forbidden: rules.forbidden ?? [] }
  const { output } = await cruise(
    folders,
    { ...options, baseDir: root, validate: true, ruleSet },
    enhancedResolveOptions,
  )
  if (typeof output === 'string') throw new Error(output)
  return output
}

interface Broken {
  rule: string
  from: string
  line: string
}

/** Every broken rule as one line: who imports whom, and what to do. */
function broken({ summary }: ICruiseResult): Broken[] {
  return summary.violations.map(({ rule, from, to, cycle }) => {
    const way = [from, ...(cycle?.map(({ name }) => name) ?? [to])]
    const sentence = rules.forbidden?.find(({ name }) => name === rule.name)?.comment
    return { rule: rule.name, from, line: `${way.join(' → ')}: ${sentence} (${rule.name})` }
  })
}

/** The circles between folders of core, however deep in them the files lie that import each other. */
function circlesOfCore({ modules }: ICruiseResult): string[] {
  const folderOf = (path: string) => /^packages\/core\/src\/([\w-]+)\//.exec(path)?.[1]
  const known = new Map<string, Set<string>>()
  for (const { source, dependencies } of modules) {
    const from = folderOf(source)
    if (from === undefined) continue
    const others = known.get(from) ?? new Set()
    for (const { resolved } of dependencies) others.add(folderOf(resolved) ?? from)
    known.set(from, others)
  }
  const waysBack = (way: string[]): string[] =>
    [...(known.get(way.at(-1) ?? '') ?? [])].flatMap((next) => {
      // Each circle is told once, from the folder that comes first by name.
      if (next === way[0]) return way.length > 1 ? [[...way, next].join(' → ')] : []
      return next < (way[0] ?? '') || way.includes(next) ? [] : waysBack([...way, next])
    })
  return [...known.keys()].sort().flatMap((folder) => waysBack([folder]))
}

/** The packages and apps that no rule names. */
function withoutRule(folders: readonly string[]): string[] {
  const named = (rules.forbidden ?? []).flatMap((rule) => ('from' in rule ? [rule.from.path ?? []].flat() : []))
  return folders.filter((folder) => !named.some((path) => path.startsWith(`^${folder}/src/`)))
}

const packagesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(join(ROOT, path, 'package.json')))

describe('who may import whom', () => {
  let here: ICruiseResult
  beforeAll(async () => {
    here = await judge(ROOT, ['packages', 'apps', 'infra', 'test', 'scripts'])
  })

  it('is kept by every file', () => {
    expect(broken(here).map(({ line }) => line)).toEqual([])
    expect(circlesOfCore(here)).toEqual([])
  })

  it('is read of every kind of file', () => {
    const files = here.modules.map(({ source }) => source)
    expect(files).toEqual(
      expect.arrayContaining([
        'apps/web/src/App.vue',
        'apps/docker/src/main.ts',
        'scripts/test.mjs',
        'infra/src/site.ts',
      ]),
    )
    const app = here.modules.find(({ source }) => source === 'apps/web/src/App.vue')
    expect(app?.dependencies.map(({ module }) => module)).toContain('vue')
  })

  it('is said for every package and app', () => {
    const missing = withoutRule([...packagesIn('packages'), ...packagesIn('apps'), 'infra'])
    expect(
      missing.map((folder) => `${folder} has no rule: say in ${CONFIG} what it may import, by mayImport.`),
    ).toEqual([])
    expect(withoutRule(['packages/cor', 'packages/core', 'apps/new'])).toEqual(['packages/cor', 'apps/new'])
  })

  it('the packages that core may not name are not among its dependencies either', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'packages/core/package.json'), 'utf8'))
    expect(dependencies ?? {}).toEqual({})
  })

  it('every package says what it exports, so that nothing deeper can be imported', () => {
    for (const folder of packagesIn('packages'))
      expect(JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')).exports, folder).toBeDefined()
  })
})

/** Files of no sense, each of which breaks the rule before it. */
const OFFENCES: readonly [rule: string, path: string, text: string][] = [
  ['core-is-pure', 'packages/core/src/titles/a.ts', "import express from 'express'"],
  ['core-is-pure', 'packages/core/src/a.ts', "import { readFileSync } from 'node:fs'"],
  ['core-is-pure', 'packages/core/src/b.ts', "import fs from 'fs'"],
  ['core-is-pure', 'packages/core/src/c.ts', "export * from '../../http/src/index.ts'"],
  ['core-is-pure', 'packages/core/src/d.ts', "import { describe } from 'vitest'"],
  ['packages-by-name', 'packages/core/src/e.ts', "import type { A } from '../../http/src/index.ts'"],
  ['rules-are-pure', 'packages/core/src/titles/rules/x.ts', "import { ask } from '../ask.ts'"],
  ['rules-are-pure', 'packages/core/src/titles/rules/w.ts', "import { ask } from '../../people/index.ts'"],
  ['rules-know-no-port', 'packages/core/src/titles/rules/y.ts', "import type { Titles } from '../ports.ts'"],
  ['core-folders-by-index', 'packages/core/src/titles/x.ts', "import type { Ask } from '../people/ask.ts'"],
  ['core-folders-by-index', 'packages/core/src/titles/rules/z.ts', "import { x } from '../../people/rules/deep.ts'"],
  ['http-knows-no-adapter', 'packages/http/src/routes/x.ts', "import type { A } from '@stellarr/storage-sqlite'"],
  ['http-knows-no-adapter', 'packages/http/src/a.ts', "import { x } from '@stellarr/core/testing'"],
  ['wire-is-for-browsers-too', 'packages/http/src/wire.ts', "import { Router } from 'express'"],
  ['wire-is-for-browsers-too', 'packages/http/src/wire/x.ts', "import { App } from '../index.ts'"],
  ['wire-is-for-browsers-too', 'packages/http/src/wire-x.ts', "import { createHash } from 'node:crypto'"],
  ['gateways-know-core', 'packages/gateways/src/x.ts', "import { App } from '@stellarr/http'"],
  ['storage-sqlite-knows-core', 'packages/storage-sqlite/src/x.ts', "const x = await import('@stellarr/gateways')"],
  [
    'storage-dynamo-knows-core',
    'packages/storage-dynamo/src/a.ts',
    "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'",
  ],
  ['storage-dynamo-knows-core', 'packages/storage-dynamo/src/b.ts', "import { start } from './testing/engine.ts'"],
  ['dynamo-engines-are-for-tests', 'packages/storage-dynamo/src/testing/x.ts', "import { it } from 'vitest'"],
  ['docker-wires', 'apps/docker/src/x.ts', "import Sqlite from 'better-sqlite3'"],
  ['lambda-wires', 'apps/lambda/src/a.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'"],
  ['lambda-wires', 'apps/lambda/src/b.ts', "import { openSqliteStorage } from '@stellarr/storage-sqlite'"],
  ['cli-wires', 'apps/cli/src/a.ts', "import Sqlite from 'better-sqlite3'"],
  ['cli-wires', 'apps/cli/src/b.ts', "import { startEngine } from '@stellarr/storage-dynamo/testing'"],
  ['library-agent-stands-alone', 'apps/library-agent/src/a.ts', "import * as v from 'valibot'"],
  ['library-agent-stands-alone', 'apps/library-agent/src/b.ts', "import type { A } from '@stellarr/http/wire'"],
  ['library-agent-stands-alone', 'apps/library-agent/src/c.ts', "import { x } from '../../web/src/x.vue'"],
  ['web-takes-types-and-rules', 'apps/web/src/a.ts', "import { createUseCases } from '@stellarr/core'"],
  [
    'web-takes-types-and-rules',
    'apps/web/src/x.vue',
    '<script setup lang="ts">\nimport type { x } from "../../docker/src/x.ts"\n</script>',
  ],
  ['packages-by-name', 'apps/web/src/b.ts', "import { x } from '../../../packages/core/src/rules.ts'"],
  ['infra-describes-and-deploys', 'infra/src/x.ts', "import { x } from 'express'"],
  ['no-unknown-names', 'packages/http/src/b.ts', "import { x } from '@stellarr/core/src/a.ts'"],
  ['no-unknown-names', 'test/x.test.ts', "import { x } from 'not-installed'"],
  ['no-circles', 'packages/gateways/src/a.ts', "import type { B } from './b.ts'"],
  ['no-circles-of-folders', 'apps/cli/src/one/a.ts', "import type { B } from '../two/b.ts'"],
  ['no-circles-of-folders', 'apps/cli/src/two/c.ts', "import type { D } from '../one/d.ts'"],
]

describe('a broken rule', () => {
  const root = mkdtempSync(join(tmpdir(), 'stellarr-imports-'))
  let broke: Broken[]
  let circles: string[]

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { flag: 'a' })
  }

  beforeAll(async () => {
    mkdirSync(join(root, 'node_modules/@stellarr'), { recursive: true })
    for (const folder of packagesIn('packages')) {
      const manifest = readFileSync(join(ROOT, folder, 'package.json'), 'utf8')
      write(`${folder}/package.json`, manifest)
      for (const file of Object.values<string>(JSON.parse(manifest).exports)) write(join(folder, file), '')
      symlinkSync(join(root, folder), join(root, 'node_modules/@stellarr', folder.slice('packages/'.length)))
    }
    for (const [, path, text] of OFFENCES) {
      write(path, `// A comment.\n${text}\n`)
      const [, name] = /["']((?:@aws-sdk\/)?[\w-]+)["']/.exec(text) ?? []
      if (name === undefined || name === 'not-installed' || isBuiltin(name)) continue
      write(`node_modules/${name}/index.js`, '')
    }
    for (const path of ['titles/ask', 'titles/ports', 'people/ask', 'people/index', 'people/rules/deep'])
      write(`packages/core/src/${path}.ts`, '')
    write('packages/gateways/src/b.ts', "import type { A } from './a.ts'")
    // A circle that only the folders make, since no file of it closes it.
    write('packages/core/src/clients/rules/x.ts', "import { y } from '../../moving/rules/index.ts'")
    write('packages/core/src/moving/use.ts', "import { y } from '../clients/index.ts'")
    for (const path of ['moving/rules/index', 'clients/index']) write(`packages/core/src/${path}.ts`, '')
    write('packages/storage-dynamo/src/testing/engine.ts', '')
    write('apps/docker/src/x.ts', '')
    write('apps/cli/src/one/d.ts', '')
    write('apps/cli/src/two/b.ts', '')
    const result = await judge(root, ['packages', 'apps', 'infra', 'test'])
    broke = broken(result)
    circles = circlesOfCore(result)
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it.each(OFFENCES)('%s is seen when %s breaks it by %s', (rule, path) => {
    const lines = broke.filter(({ from }) => from === path || from === dirname(path))
    expect(lines.map((one) => one.rule)).toContain(rule)
  })

  it('is told in one line that says what to do', () => {
    expect(broke.find(({ from }) => from === 'apps/docker/src/x.ts')?.line).toBe(
      'apps/docker/src/x.ts → node_modules/better-sqlite3/index.js: apps/docker wires packages: no Express, no SQL of its own. (docker-wires)',
    )
    expect(broke.find(({ rule }) => rule === 'no-circles')?.line).toMatch(
      /^packages\/gateways\/src\/a\.ts → packages\/gateways\/src\/b\.ts → packages\/gateways\/src\/a\.ts: Files do not/,
    )
  })

  it('is seen for each rule that there is', () => {
    const tried = new Set(OFFENCES.map(([rule]) => rule))
    expect(rules.forbidden?.map(({ name }) => name).filter((name) => !tried.has(name ?? ''))).toEqual([])
  })

  it('is a circle of folders of core, too, that only their rules close', () => {
    expect(circles).toContain('clients → moving → clients')
  })
})
