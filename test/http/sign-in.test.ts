import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN, call, challenge, codeOf, type Deployment, HOUSEHOLD, openDeployment, signIn } from './deployment.ts'
import { rightAtOnce, wrongAtOnce, wrongSignIn } from './sign-ins-at-once.ts'

let app: Deployment
beforeEach(async () => {
  app = await openDeployment()
})
afterEach(() => app.close())

const wrong = (n: number, claims?: Parameters<typeof wrongSignIn>[2]) => wrongSignIn(app.url, n, claims)
const verify = (json: unknown) => call(app.url, '/api/auth/verify', { json })

describe('sign-in', () => {
  it('says how to make a challenge', async () => {
    const { status, body } = await call(app.url, '/api/auth/params')
    expect(status).toBe(200)
    expect(body).toMatchObject({ iterations: 100_000, catalogue: 'tmdb' })
    expect(Math.abs(body.now - Date.now() / 1000)).toBeLessThan(5)
  })

  it('gives a token whose name and role are signed', async () => {
    const answer = await verify(challenge(app.url, HOUSEHOLD, 'Zoë 漢字'))
    expect(answer.body).toMatchObject({ valid: true, name: 'Zoë 漢字', role: 'household' })
    // The deployment's own sign-in may have used this second.
    const admin = await verify(challenge(app.url, ADMIN, 'Op', Date.now() - 20_000))
    expect(admin.body.role).toBe('admin')
    expect((await call(app.url, '/api/requests', { token: answer.body.token })).status).toBe(200)
  })

  it('accepts each challenge once', async () => {
    const body = challenge(app.url, HOUSEHOLD, 'Ann')
    expect((await verify(body)).status).toBe(200)
    const again = await verify({ ...body, name: 'Mallory' })
    expect(again.status).toBe(401)
    expect(again.body.code).toBe('challenge_used')
  })

  it('judges five wrong passwords and refuses the sixth, however many come at once and whatever they claim to be', async () => {
    const answers = await wrongAtOnce(app.url, 100)
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5)
    const limited = answers.filter((answer) => answer.status === 429)
    expect(limited).toHaveLength(95)
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(limited[0]?.body.retry_at).toMatch(/^\d{4}-/)
    expect((await verify(challenge(app.url, HOUSEHOLD, 'Ann'))).status).toBe(429)
  })

  it('tells clients apart by a forwarded header only behind a trusted proxy, one /48 of IPv6 being one client', async () => {
    const admin = await signIn(app.url, 'Op', ADMIN)
    const notices = async () => (await call(app.url, '/api/admin/notices', { token: admin })).body.notices
    await wrong(0, { from: '203.0.113.1' })
    expect(await notices()).toEqual([])
    // One that is named and is not the one there is.
    await app.restart({ TRUSTED_PROXIES: '10.9.9.9' })
    const params = () => call(app.url, '/api/auth/params', { headers: { 'x-forwarded-for': '203.0.113.1' } })
    for (let n = 0; n < 12; n += 1) await params()
    expect(await notices()).toMatchObject([{ code: 'proxy_not_trusted', addresses: ['127.0.0.1'] }])

    await app.restart({ TRUSTED_PROXIES: '127.0.0.0/8,::1' })
    const statuses = async (from: (n: number) => string) => {
      const found = []
      for (let n = 0; n < 6; n += 1) found.push((await wrong(n, { from: from(n) })).status)
      return found
    }
    const oneClient = [401, 401, 401, 401, 401, 429]
    expect(await statuses((n) => `203.0.113.${n + 10}`)).toEqual([401, 401, 401, 401, 401, 401])
    expect(await statuses((n) => `2001:db8:7:${n}::${n + 1}`)).toEqual(oneClient)
    // What the client itself put in front is not believed.
    expect(await statuses((n) => `10.1.1.${n}, 198.51.100.7`)).toEqual(oneClient)
    // Some proxies write the port, another with each connection.
    expect(await statuses((n) => `203.0.113.99:4000${n}`)).toEqual(oneClient)
    expect(await statuses((n) => `[2001:db8:9::5]:4000${n}`)).toEqual(oneClient)
    expect(await statuses((n) => `fe80::1%eth${n}`)).toEqual(oneClient)
    expect(await statuses((n) => `not an address ${n}`)).toEqual(oneClient)
    expect(await notices()).toEqual([])
  })

  it('judges right passwords however many come at once', async () => {
    const answers = await rightAtOnce(app.url, 20, Date.now() - 30_000)
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  })

  it('gives a device that was signed in before tries of its own, by a cookie that proves nothing else', async () => {
    const first = await verify(challenge(app.url, HOUSEHOLD, 'Ann'))
    const [set = ''] = first.headers.getSetCookie()
    const kept = /^stellarr_device=[\w-]{22}\.[\w-]{43}; Max-Age=34560000; Path=\/api\/auth; Expires=[^;]+; HttpOnly; /
    // The CDN is asked over https, whatever stands for it here.
    expect(set.replace(kept, '')).toBe(`${app.pagesByCdn ? 'Secure; ' : ''}SameSite=Strict`)
    const [cookie = ''] = set.split(';')
    for (let n = 0; n < 5; n += 1) await wrong(n)
    expect((await wrong(5)).status).toBe(429)
    const now = Date.now()
    const withCookie = (shown: string, n: number) =>
      call(app.url, '/api/auth/verify', {
        json: challenge(app.url, HOUSEHOLD, 'Ann', now - n * 1000),
        headers: { cookie: shown },
      })
    for (const bad of [
      'stellarr_device=',
      `${cookie}x`,
      `x${cookie}`,
      'stellarr_device=%',
      '=;;;=',
      `${'a=b; '.repeat(900)}`,
    ]) {
      expect([bad.slice(0, 20), (await withCookie(bad, 9)).status]).toEqual([bad.slice(0, 20), 429])
    }
    const again = await withCookie(`other=1; ${cookie}; last=2`, 9)
    expect(again.status).toBe(200)
    expect(again.headers.getSetCookie()[0]?.split(';')[0]).toBe(cookie)
    expect((await call(app.url, '/api/requests', { headers: { cookie } })).status).toBe(401)
    expect((await wrong(6)).headers.getSetCookie()).toEqual([])
  })

  it('sends the cookie over https alone when the page was opened so', async () => {
    const https = 'https://films.example.org'
    await app.restart({ BASE_URL: https })
    const answer = await verify(challenge(https, HOUSEHOLD, 'Ann'))
    expect(answer.status).toBe(200)
    expect(answer.headers.getSetCookie()[0]).toContain('; Secure')
  })

  it('counts the tries of household and admin apart', async () => {
    const as = (role: unknown, password: string, ago: number) =>
      verify({ ...challenge(app.url, password, 'Ann', Date.now() - ago * 1000), as: role })
    // The admin's field takes no other password.
    for (let n = 1; n <= 5; n += 1) expect((await as('admin', HOUSEHOLD, n)).body).toMatchObject({ tries_left: 5 - n })
    expect((await as('admin', ADMIN, 6)).status).toBe(429)
    expect((await as('household', HOUSEHOLD, 6)).body).toMatchObject({ role: 'household' })
    expect((await as('household', ADMIN, 7)).status).toBe(401)
    expect((await as('admin', ADMIN, 8)).status).toBe(429)
    expect((await as(undefined, ADMIN, 8)).body).toMatchObject({ role: 'admin' })
    expect((await as('operator', ADMIN, 9)).body).toMatchObject({ code: 'invalid', field: 'as' })
  })

  it('tells how many tries are left', async () => {
    const answer = await verify(challenge(app.url, 'not the password', 'Ann'))
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ tries_left: 4, code: 'wrong_password' })
  })

  it('forgets what was wrong before when a password is right', async () => {
    const now = Date.now()
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 4; n += 1) expect((await wrong(10 * round + n)).body).toMatchObject({ tries_left: 4 - n })
      expect((await verify(challenge(app.url, HOUSEHOLD, 'Ann', now - 2000 * round))).status).toBe(200)
    }
  })

  it('refuses foreign origins, stale challenges and bad names', async () => {
    expect(
      (await verify({ ...challenge('https://evil.example', HOUSEHOLD, 'A'), origin: 'https://evil.example' })).status,
    ).toBe(403)
    expect((await verify(challenge('http://10.9.9.9:1', HOUSEHOLD, 'A'))).status).toBe(403)
    expect((await verify(challenge(app.url, HOUSEHOLD, 'A', Date.now() - 6 * 60_000))).status).toBe(401)
    expect((await verify(challenge(app.url, HOUSEHOLD, 'A', Date.now() + 6 * 60_000))).status).toBe(401)
    for (const name of ['   ', 'x'.repeat(65), 'x'.repeat(5_000), '\u200b', 'Ann\u200b', '\u202eevil', 'a\ud800']) {
      expect(codeOf(await verify(challenge(app.url, HOUSEHOLD, name)))).toEqual([400, 'bad_name', 'name'])
    }
    expect((await verify(challenge(app.url, HOUSEHOLD, '😀'.repeat(64)))).body).toMatchObject({ valid: true })
  })

  it('refuses tampered, foreign and empty tokens on every private route', async () => {
    const token = await signIn(app.url)
    const [at, , signature] = token.split('.')
    const forged = `${at}.${Buffer.from('Eve').toString('base64url')}.${signature}`
    const late = `${Number(at) + 1}.${token.split('.')[1]}.${signature}`
    for (const bad of [forged, late, '', 'a.b.c', `${token}x`, 'é'.repeat(43)]) {
      for (const path of ['/api/requests', '/api/library-status', '/api/feeds', '/api/title/movie/1', '/api/unknown']) {
        const answer = await call(app.url, path, { headers: { authorization: `Bearer ${encodeURIComponent(bad)}` } })
        expect(answer.status).toBe(401)
      }
    }
  })

  it('ends all sessions when the password changes, and none at a restart', async () => {
    const token = await signIn(app.url)
    await app.restart()
    expect((await call(app.url, '/api/requests', { token })).status).toBe(200)
    await app.restart({ PRESHARED_PASSWORD: 'another-password-2' })
    expect((await call(app.url, '/api/requests', { token })).status).toBe(401)
  })
})
