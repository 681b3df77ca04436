import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { bareAddress, bareForwardedFor, clientKey } from '../src/client-address.ts'
import { proxyWatch } from '../src/proxy-watch.ts'

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:46532', '203.0.113.7'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%25en0]:80', 'fe80::1'],
  ['[203.0.113.7]:80', '203.0.113.7'],
  ['300.0.0.1:80', '300.0.0.1:80'],
  ['unknown', 'unknown'],
  ['_hidden:80', '_hidden:80'],
  ['[]:80', '[]:80'],
  ['', ''],
])('the address in %s is %s', (written, expected) => expect(bareAddress(written)).toBe(expected))

/** An app on a free port that answers as whom it knows a client. */
async function open(trusted: readonly string[]) {
  const told: string[][] = []
  const proxies = proxyWatch((addresses) => told.push(addresses))
  const app = express()
  app.set('trust proxy', [...trusted])
  app.use(bareForwardedFor, proxies.watch, (req, res) => void res.send(clientKey(req)))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  close = () => server.close()
  return {
    told,
    proxies,
    async ask(forwarded?: string): Promise<string> {
      const answer = await fetch(url, forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } })
      expect(answer.status).toBe(200)
      return answer.text()
    },
  }
}

let close: (() => void) | undefined
afterEach(() => close?.())

describe('a client behind proxies', () => {
  it.each([
    ['203.0.113.10:40000', '203.0.113.10'],
    ['203.0.113.10:40001', '203.0.113.10'],
    ['[2001:db8:7:1::1]:40000', '2001:db8:7::/48'],
    ['2001:db8:7:2::1', '2001:db8:7::/48'],
    ['::ffff:203.0.113.10', '203.0.113.10'],
    ['[::ffff:203.0.113.10]:1', '203.0.113.10'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['fe80::1%eth1', 'fe80:0:0::/48'],
    ['203.0.113.10:40000, 10.0.0.2:443', '203.0.113.10'],
    ['203.0.113.10, 198.51.100.7:1, [fd00::2]:443', '198.51.100.7'],
    ['203.0.113.10, unknown', 'unknown'],
    ['x'.repeat(9_000), 'unknown'],
    [', ,', '127.0.0.1'],
    ['', '127.0.0.1'],
  ])('that say %s is %s', async (forwarded, expected) => {
    const app = await open(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])
    expect(await app.ask(forwarded)).toBe(expected)
    expect(app.proxies.addresses()).toEqual([])
  })
})

describe('a proxy that is not named', () => {
  it.each([[[]], [['10.9.9.9']]])(
    'is told from the tenth request on, with its address, when %j are',
    async (trusted) => {
      const app = await open(trusted)
      for (let n = 0; n < 9; n += 1) await app.ask(`203.0.113.${n}`)
      for (let n = 0; n < 9; n += 1) await app.ask()
      expect([app.proxies.addresses(), app.told]).toEqual([[], []])
      for (let n = 0; n < 9; n += 1) await app.ask('203.0.113.1')
      expect([app.proxies.addresses(), app.told]).toEqual([['127.0.0.1'], [['127.0.0.1']]])
    },
  )

  it('is told from three addresses on, the busiest first, whatever number there is', async () => {
    const app = await open([])
    const next = () => undefined
    const ask = (remoteAddress: string) => {
      const req = { get: () => '203.0.113.1', ips: [], socket: { remoteAddress } }
      app.proxies.watch(req as never, {} as never, next)
    }
    ask('::ffff:10.0.0.1')
    ask('10.0.0.2')
    expect(app.told).toEqual([])
    ask('fe80::3%eth0')
    expect(app.told).toEqual([['10.0.0.1', '10.0.0.2', 'fe80::3']])
    for (let n = 0; n < 1_000; n += 1) ask(`198.51.${n >> 8}.${n & 255}`)
    for (let n = 0; n < 3; n += 1) ask('10.0.0.2')
    expect(app.proxies.addresses()).toHaveLength(3)
    expect(app.proxies.addresses()[0]).toBe('10.0.0.2')
    expect(app.told).toHaveLength(1)
  })
})
