import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { headersByScheme } from '../src/headers-by-scheme.ts'
import { schemeTeller } from '../src/scheme.ts'
import { readSharedSettings } from '../src/settings.ts'

interface Asked {
  baseUrls: readonly string[]
  host: string
  /** What a trusted proxy says. */
  proto?: string
  behindCdn?: boolean
  frameAncestors?: readonly string[]
}

/** The headers of an answer. */
async function ask({ baseUrls, host, proto, behindCdn = false, frameAncestors }: Asked) {
  const { trustedProxies } = readSharedSettings({ TRUSTED_PROXIES: 'loopback, linklocal, uniquelocal' })
  const app = express().set('trust proxy', trustedProxies)
  app.use(headersByScheme(schemeTeller({ baseUrls, allowPrivateOrigins: !behindCdn }), frameAncestors))
  app.use((_req, res) => res.end())
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const headers = { host, ...(proto !== undefined && { 'x-forwarded-proto': proto }) }
  const asking = request({ host: '127.0.0.1', port, headers }).end()
  const [answer] = await once(asking, 'response')
  answer.resume()
  server.close()
  return answer.headers as Record<string, string | undefined>
}

const BOTH = ['https://stellarr.example.org', 'http://nas.lan:8080']

describe('security headers', () => {
  it.each<[what: string, isHttps: boolean, Asked]>([
    ['a plain address beside one with https', false, { baseUrls: BOTH, host: 'nas.lan:8080' }],
    ['the one with https', true, { baseUrls: BOTH, host: 'stellarr.example.org' }],
    ['an address that is not set', false, { baseUrls: ['https://stellarr.example.org'], host: 'nas.lan:8080' }],
    ['a name in capitals', true, { baseUrls: BOTH, host: 'Stellarr.Example.org' }],
    ['one host by both schemes', false, { baseUrls: ['https://nas.lan', 'http://nas.lan'], host: 'nas.lan' }],
    ['the same through a proxy', true, { baseUrls: ['http://nas.lan'], host: 'nas.lan', proto: 'https' }],
    ['no address set', false, { baseUrls: [], host: 'nas.lan' }],
    ['no address set, through a proxy', true, { baseUrls: [], host: 'nas.lan', proto: 'https' }],
    ['a CDN, whatever the host', true, { baseUrls: ['https://films.example.org'], host: 'x.on.aws', behindCdn: true }],
    ['a CDN of a test', false, { baseUrls: ['http://localhost:1'], host: 'localhost:1', behindCdn: true }],
  ])('are those of the scheme: %s', async (_, isHttps, asked) => {
    const headers = await ask(asked)
    expect(headers['content-security-policy']?.includes('upgrade-insecure-requests')).toBe(isHttps)
    // Neighbours on names below ours may have no https.
    expect(headers['strict-transport-security']).toBe(isHttps ? 'max-age=31536000' : undefined)
    expect(headers['cross-origin-opener-policy']).toBe(isHttps ? 'same-origin' : undefined)
  })

  it('let nobody frame a page, but whom the settings name', async () => {
    const closed = await ask({ baseUrls: [], host: 'nas' })
    expect(closed['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(closed['x-frame-options']).toBe('DENY')
    const open = await ask({ baseUrls: [], host: 'nas', frameAncestors: ["'self'", 'https://dash.example.org'] })
    expect(open['content-security-policy']).toMatch(/;frame-ancestors 'self' https:\/\/dash\.example\.org$/)
    expect(open['x-frame-options']).toBeUndefined()
  })
})
