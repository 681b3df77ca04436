// What the Dockerfile, the compose files and the Caddyfile promise, read from their text: no Docker is needed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { argsOf, environmentOf, execForm, ignoring, readStages } from './docker-context.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
const stages = readStages(read('Dockerfile'))
const [build = [], image = []] = stages

describe('the Dockerfile', () => {
  it('builds and runs on the slim image of Node 24, and builds without emulating a machine', () => {
    expect(stages).toHaveLength(2)
    expect(argsOf(build, 'FROM')).toEqual(['--platform=$BUILDPLATFORM node:24-slim AS build'])
    expect(argsOf(image, 'FROM')).toEqual(['node:24-slim'])
    // A command in the last stage would run on the other architecture.
    expect(argsOf(image, 'RUN')).toEqual([])
  })

  it('builds by the script that the tests run, and by nothing else', () => {
    const commands = argsOf(build, 'RUN').map((args) => args.replace(/--mount=\S+\s*/g, ''))
    expect(commands).toEqual([
      'node scripts/pack-docker.mjs /packed $TARGETARCH',
      'mkdir /data /commands && ln -s /app/stellarr /commands/stellarr',
    ])
    expect(argsOf(image, 'COPY')).toEqual([
      '--from=build /packed ./',
      '--from=build /commands /usr/local/bin',
      '--from=build --chown=10001:10001 /data /data',
    ])
    // Where the link leads, and what the entrypoint finds by the same name.
    expect(argsOf(image, 'WORKDIR')).toEqual(['/app'])
  })

  it('runs as nobody that the app belongs to, with its data in a volume that does belong to it', () => {
    expect(argsOf(image, 'USER')).toEqual(['10001:10001'])
    const { DATA_DIR } = environmentOf(image)
    expect(argsOf(image, 'VOLUME')).toEqual([DATA_DIR])
  })

  it('opens the port that it says, starts Node itself, and asks after its health with Node', () => {
    expect(argsOf(image, 'EXPOSE')).toEqual([environmentOf(image).PORT])
    expect([...execForm(image, 'ENTRYPOINT'), ...execForm(image, 'CMD')]).toEqual(['node', 'dist/main.mjs'])
    expect(execForm(image, 'HEALTHCHECK')).toEqual(['node', 'dist/healthcheck.mjs'])
    expect(argsOf(image, 'STOPSIGNAL')).toEqual(['SIGTERM'])
  })

  it('sets nothing but what a container decides, and holds no secret and no other program', () => {
    expect(Object.keys(environmentOf(image))).toEqual(['NODE_ENV', 'PORT', 'DATA_DIR'])
    const text = stages.flat().map(({ name, args }) => `${name} ${args}`)
    expect(text.filter((line) => /curl|wget|apt|ADD|PASSWORD|TOKEN|SECRET|API_KEY/.test(line))).toEqual([])
  })
})

describe('what a build is given', () => {
  const ignored = ignoring(read('.dockerignore'))

  it.each([
    'package.json',
    'infra/package.json',
    'scripts/pack-docker.mjs',
    'packages/core/src/index.ts',
    'apps/web/public/robots.txt',
  ])('%s', (path) => {
    expect(ignored(path)).toBe(false)
  })

  it.each([
    '.env',
    '.env.local',
    'apps/docker/.env',
    '.git/config',
    '.stamps/build',
    'data/secrets.json',
    'apps/docker/data/secrets.json',
    'backup.tar',
    'node_modules/x/index.js',
    'apps/web/node_modules/x/index.js',
    'apps/docker/dist/main.mjs',
    'apps/docker/test/start.test.ts',
    'infra/src/site.ts',
  ])('not %s', (path) => {
    expect(ignored(path)).toBe(true)
  })
})

interface Service {
  image?: string
  build?: string
  user?: string
  environment?: Record<string, string>
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }>
  ports?: string[]
  networks?: string[]
  volumes?: string[]
  logging?: { driver: string }
}
interface Network {
  enable_ipv6?: boolean
  ipam: { config: { subnet: string }[] }
}
interface Compose {
  services: Record<string, Service>
  networks: Record<string, Network>
  volumes: Record<string, unknown>
}

const compose = (path: string): Compose => parse(read(path))
const https = compose('compose.yaml')
const home = compose('compose.home.yaml')
const { stellarr = {}, caddy = {} } = https.services
const subnets = ({ networks }: Compose) =>
  Object.values(networks).flatMap(({ ipam }) => ipam.config.map(({ subnet }) => subnet))

describe('the compose files', () => {
  it('run the app alike: without rights on a read-only file system, and with time to stop', () => {
    const own = ({ services: { stellarr: app = {} } }: Compose) => {
      const { BASE_URL: _, TRUSTED_PROXIES: __, ...environment } = app.environment ?? {}
      const { ports: ___, networks: ____, ...rest } = app
      return { ...rest, environment }
    }
    // Each stands for itself: older Composes know no way to share a part that all of them take.
    expect(own(home)).toEqual(own(https))
    expect(own(home)).toMatchObject({
      build: '.',
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
      init: true,
      stop_grace_period: '15s',
    })
    for (const { services } of [home, https]) {
      for (const service of Object.values(services)) expect(service).not.toHaveProperty('privileged')
      expect(services.stellarr).not.toHaveProperty('cap_add')
    }
  })

  it('are taken by docker-compose 1.29, Compose 2.20 and podman-compose', () => {
    for (const path of ['compose.yaml', 'compose.home.yaml']) {
      for (const [name, service] of Object.entries(compose(path).services)) {
        // What of these they do not know, or know otherwise.
        expect(Object.keys(service), name).not.toContain('extends')
        expect(Object.keys(service), name).not.toContain('env_file')
        expect(service.logging, name).toMatchObject({ driver: 'json-file' })
        // As the specification has it for all of them: YAML takes 22:22 for a number.
        for (const port of service.ports ?? []) expect(typeof port).toBe('string')
      }
    }
  })

  it('give the app every setting of .env.example that is for it, and none other', () => {
    const ofAws = read('.env.example').indexOf('# On AWS alone.')
    const named = [
      ...read('.env.example')
        .slice(0, ofAws)
        .matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm),
    ].map(([, name]) => name)
    // The container's own, tests' alone, and the example of how a file is named.
    const others = [
      'HTTP_PORT',
      'TZ',
      'HOST',
      'DATABASE_PATH',
      'DOMAIN',
      'PUSH_HOSTS',
      'TMDB_BASE_URL',
      'TVDB_BASE_URL',
      'FEED_TOKEN_FILE',
    ]
    const { TZ, ...given } = home.services.stellarr?.environment ?? {}
    expect(Object.keys(given).sort()).toEqual(named.filter((name = '') => !others.includes(name)).sort())
    const { PORT, DATA_DIR, ...passedOn } = given
    for (const [name, value] of Object.entries(passedOn)) expect(value).toBe(`\${${name}:-}`)
    expect(TZ).toMatch(/^\$\{TZ:-[\w/]+\}$/)
    const { NODE_ENV: _, ...decided } = environmentOf(image)
    expect({ PORT, DATA_DIR }).toEqual(decided)
    expect(home.services.stellarr?.volumes).toEqual([`stellarr-data:${decided.DATA_DIR}`])
    for (const file of [https, home]) expect(file.volumes).toHaveProperty('stellarr-data')
  })

  it('ask after the health as the image does: podman keeps nothing of that in an image', () => {
    expect(stellarr.healthcheck?.test).toEqual(['CMD', ...execForm(image, 'HEALTHCHECK')])
    expect(caddy.depends_on).toEqual({ stellarr: { condition: 'service_healthy' } })
  })

  it('tell visitors apart who come by IPv6', () => {
    for (const file of [https, home]) {
      for (const network of Object.values(file.networks)) expect(network.enable_ipv6).toBe(true)
      expect(subnets(file).some((subnet) => /^fd[0-9a-f:]+::\/64$/.test(subnet))).toBe(true)
    }
  })

  it('let the app be reached through Caddy alone, which it believes, and ask for the name', () => {
    expect(stellarr).not.toHaveProperty('ports')
    expect(stellarr.environment).toMatchObject({
      BASE_URL: expect.stringMatching(/^https:\/\/\$\{DOMAIN:\?[^}]*DOMAIN[^}]*\.env\}$/),
      TRUSTED_PROXIES: subnets(https).join(','),
    })
    expect([stellarr.networks, caddy.networks]).toEqual([['web'], ['web']])
  })

  it('give Caddy the ports of https, HTTP/3 included, the right to open them, and a place for its keys', () => {
    expect(caddy).toMatchObject({
      image: 'caddy:2',
      ports: ['80:80', '443:443', '443:443/udp'],
      read_only: true,
      cap_drop: ['ALL'],
      cap_add: ['NET_BIND_SERVICE'],
      security_opt: ['no-new-privileges:true'],
    })
    expect(caddy.volumes).toEqual([
      './docker/Caddyfile:/etc/caddy/Caddyfile:ro',
      'caddy-data:/data',
      'caddy-config:/config',
    ])
  })

  it('open the port of the image at home, on whichever of the machine is free', () => {
    const { PORT } = environmentOf(image)
    expect(home.services.stellarr?.ports).toEqual([`\${HTTP_PORT:-${PORT}}:${PORT}`])
    expect(Object.keys(home.services)).toEqual(['stellarr'])
  })
})

describe('the README', () => {
  it('names commands that the image has, as its entrypoint takes them', () => {
    const commands = [
      ...read('README.md').matchAll(/docker compose run --rm (-T )?stellarr (stellarr \w+ \S+( --yes)?)/g),
    ]
    // By the name that is packed into its folder.
    expect(execForm(image, 'ENTRYPOINT')).toEqual(['node'])
    expect(commands.map(([, withoutTerminal, command]) => [withoutTerminal, command])).toEqual([
      [undefined, 'stellarr restore /data/backups/stellarr-2026-11-30.tar.gz'],
      ['-T ', 'stellarr restore - --yes'],
      ['-T ', 'stellarr export -'],
      ['-T ', 'stellarr import -'],
    ])
  })
})

describe('the Caddyfile', () => {
  const text = read('docker/Caddyfile').replace(/^\s*#.*\n/gm, '')

  it('sends the name of .env on to the port of the image', () => {
    expect(text).toMatch(/^\{\$DOMAIN\} \{$/m)
    expect(text).toContain(`reverse_proxy stellarr:${environmentOf(image).PORT}\n`)
  })

  it('writes no key and no header into any log', () => {
    const global = text.slice(0, text.indexOf('{$DOMAIN}'))
    for (const name of ['token', 'apikey']) expect(global).toMatch(new RegExp(`^\\s+replace ${name} REDACTED$`, 'm'))
    for (const field of ['request>headers', 'resp_headers']) {
      expect(global).toMatch(new RegExp(`^\\s+${field} delete$`, 'm'))
    }
    // A log of a site with a format of its own would not be filtered.
    expect(text.slice(global.length)).toMatch(/^\tlog$/m)
  })
})
