import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, call, type Deployment, openDeployment, signIn } from './deployment.ts'

let app: Deployment
let ann: string
beforeAll(async () => {
  app = await openDeployment()
  ann = await signIn(app.url, 'Ann')
})
afterAll(() => app.close())

/** The status of an answer to this Host, as it is written. */
function statusAt(host: string, path: string, token: string): Promise<number> {
  const { hostname, port } = new URL(app.url)
  return new Promise((resolve, reject) => {
    const line = connect(Number(port), hostname)
    let answer = ''
    line.setEncoding('latin1').on('error', reject)
    line.on('data', (text) => {
      answer += String(text)
    })
    line.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])))
    const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, `Authorization: Bearer ${token}`, 'Connection: close']
    line.write([...lines, '', ''].join('\r\n'), 'latin1')
  })
}

const ODD = [
  'a b',
  '',
  ' ',
  'nas:99999',
  'nas:0',
  'nas:',
  'nas:80:80',
  'nas:x',
  'b\u00fcro',
  '[::1',
  '::1',
  'a..b',
  'a@b',
  'a/b',
  'a?b',
  '%41',
  '.',
]
const GOOD = [
  'nas',
  'my_nas:8080',
  'stellarr.example',
  'stellarr.example.',
  '192.168.1.2:80',
  '[::1]',
  '[fd00::1]:8080',
  'A.B',
]

describe('a Host', () => {
  it('that is none is refused wherever addresses are made of it, and everywhere else', async () => {
    const admin = await signIn(app.url, 'Op', ADMIN)
    for (const host of [...ODD, 'x'.repeat(300)]) {
      for (const path of ['/api/webhooks', '/api/feeds', '/api/health']) {
        const status = await statusAt(host, path, admin)
        // A CDN names itself to what is behind it.
        if (app.pagesByCdn) expect(status, host).toBeLessThan(500)
        else expect(status, JSON.stringify(host)).toBe(400)
      }
    }
    for (const host of GOOD) expect(await statusAt(host, '/api/webhooks', admin), host).toBe(200)
  })
})

describe('bounds', () => {
  it('are fifty followers of a title, and whoever requests it is answered all the same', async () => {
    const title = { media_type: 'tv', tmdb_id: 1396 }
    await call(app.url, '/api/request', { token: ann, json: { ...title, seasons: [1] } })
    const path = '/api/request/tv/1396/follow'
    const tokens: string[] = []
    for (let n = 0; n < 51; n += 1) tokens.push(await signIn(app.url, `Follower ${n}`))
    const last = await signIn(app.url, 'Last')
    for (const token of tokens.slice(0, 49)) {
      expect((await call(app.url, path, { token, method: 'POST' })).status).toBe(200)
    }
    const lastTwo = tokens.slice(49, 51).map((token) => call(app.url, path, { token, method: 'POST' }))
    const statuses = (await Promise.all(lastTwo)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 409])
    const refused = await call(app.url, path, { token: last, method: 'POST' })
    expect([refused.status, refused.body.code]).toEqual([409, 'too_many_followers'])
    const asked = await call(app.url, '/api/request', { token: last, json: { ...title, seasons: [2] } })
    expect(asked.body).toMatchObject({ success: true, request: { seasons: [1, 2], followers: { length: 50 } } })
  })

  it('are twenty devices of a person', async () => {
    const subscribe = (n: number) =>
      call(app.url, '/api/push/subscribe', {
        token: ann,
        json: {
          endpoint: `https://fcm.googleapis.com/fcm/send/${n}`,
          keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) },
        },
      })
    for (let n = 0; n < 19; n += 1) expect((await subscribe(n)).status).toBe(200)
    const lastTwo = await Promise.all([subscribe(19), subscribe(20)])
    expect(lastTwo.map(({ status }) => status).sort()).toEqual([200, 409])
    const refused = await subscribe(21)
    expect([refused.status, refused.body.code]).toEqual([409, 'too_many_devices'])
    expect((await subscribe(3)).status).toBe(200)
  })
})
