import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFakeTmdb } from '@stellarr/gateways/testing'
import { expect, it } from 'vitest'
import { ADMIN, call, HOUSEHOLD, signIn, TMDB_KEY } from '../../../test/http/deployment.ts'
import { spawnApp } from '../../../test/spawn-app.ts'
import { proxyHosts, readOutboundProxy } from '../src/outbound-proxy.ts'

/** A proxy on this machine that passes plain calls on and refuses tunnels: nothing leaves the machine. */
async function startProxy() {
  const calls: string[] = []
  const server = createServer((req, res) => {
    calls.push(new URL(req.url ?? '').host)
    const onward = request(req.url ?? '', { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    req.pipe(onward)
  })
  server.on('connect', (req, socket) => {
    calls.push(req.url ?? '')
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { host, calls, close: () => new Promise((resolve) => server.close(resolve)) }
}

it('TMDB, TVDB and whatever else is called go through the proxy of the environment, but for the hosts without', async () => {
  const [proxy, tmdb] = [await startProxy(), await startFakeTmdb()]
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-proxy-'))
  const address = `http://someone:proxy-password@${proxy.host}`
  const settings = {
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    PRESHARED_PASSWORD: HOUSEHOLD,
    ADMIN_PASSWORD: ADMIN,
    TMDB_API_KEY: TMDB_KEY,
    TMDB_BASE_URL: tmdb.url,
    TVDB_API_KEY: TMDB_KEY,
    HTTP_PROXY: address,
    HTTPS_PROXY: address,
  }
  /** What is asked of the proxy while both keys are checked, and what comes of it. */
  const checked = async (more: Record<string, string> = {}) => {
    proxy.calls.length = 0
    const app = await spawnApp({ ...settings, ...more })
    const token = await signIn(app.url, 'Op', ADMIN)
    const { body } = await call(app.url, '/api/admin/title-keys', { token })
    await app.stop()
    expect(app.output()).toContain(`called through a proxy`)
    expect(app.output()).not.toContain('proxy-password')
    return { states: body.keys.map(({ state }: { state: string }) => state), hosts: [...new Set(proxy.calls)].sort() }
  }
  const host = new URL(tmdb.url).host
  expect(await checked()).toEqual({ states: ['works', 'unreachable'], hosts: [host, 'api4.thetvdb.com:443'] })
  const hosts = ['api4.thetvdb.com:443']
  expect(await checked({ NO_PROXY: '127.0.0.1' })).toEqual({ states: ['works', 'unreachable'], hosts })
  await Promise.all([proxy.close(), tmdb.close()])
  rmSync(folder, { recursive: true, force: true })
})

it('a proxy is named without its password, and what is none stops the start', () => {
  expect(readOutboundProxy({ NO_PROXY: 'localhost', HTTPS_PROXY: ' ' })).toBeUndefined()
  const proxy = readOutboundProxy({ https_proxy: 'http://a:b@proxy:3128', NO_PROXY: 'nas' })
  expect(proxy).toEqual({ https_proxy: 'http://a:b@proxy:3128', NO_PROXY: 'nas' })
  expect(proxyHosts(proxy ?? {})).toBe('proxy:3128')
  for (const value of ['proxy.example.org', 'socks5://a:b@proxy:1080']) {
    expect(() => readOutboundProxy({ HTTPS_PROXY: value })).toThrow(/^HTTPS_PROXY: expected [^@]+\.$/)
  }
})
