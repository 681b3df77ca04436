import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN, call, challenge, type Deployment, HOUSEHOLD, openDeployment, signIn } from './deployment.ts'

let app: Deployment
beforeEach(async () => {
  app = await openDeployment()
})
afterEach(() => app.close())

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

  it('counts tries and refuses the sixth, however many come at once and whatever they claim to be', async () => {
    const wrong = challenge(app.url, 'not the password', 'Ann')
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        call(app.url, '/api/auth/verify', {
          json: { ...wrong, hash: wrong.hash.replace(/^../, n.toString(16).padStart(2, '0')) },
          headers: { 'x-forwarded-for': `10.0.0.${n}` },
        }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5)
    const limited = answers.filter((answer) => answer.status === 429)
    expect(limited).toHaveLength(95)
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(limited[0]?.body.retry_at).toMatch(/^\d{4}-/)
    expect((await verify(challenge(app.url, HOUSEHOLD, 'Ann'))).status).toBe(429)
  })

  it('tells clients apart by a forwarded header only behind a trusted proxy, one /48 of IPv6 being one client', async () => {
    const wrong = (from: string, n: number) => {
      const made = challenge(app.url, 'not the password', 'Ann')
      return call(app.url, '/api/auth/verify', {
        json: { ...made, hash: made.hash.replace(/^../, n.toString(16).padStart(2, '0')) },
        headers: { 'x-forwarded-for': from },
      })
    }
    const admin = await signIn(app.url, 'Op', ADMIN)
    await wrong('203.0.113.1', 0)
    const { body } = await call(app.url, '/api/admin/notices', { token: admin })
    expect(body.notices).toMatchObject([{ code: 'proxy_not_trusted' }])

    await app.restart({ TRUSTED_PROXIES: '127.0.0.0/8,::1' })
    for (let n = 0; n < 6; n += 1) expect((await wrong(`203.0.113.${n}`, n)).status).toBe(401)
    const six = []
    for (let n = 0; n < 6; n += 1) six.push((await wrong(`2001:db8:7:${n}::${n + 1}`, n)).status)
    expect(six).toEqual([401, 401, 401, 401, 401, 429])
    // What the client itself put in front is not believed.
    const lied = []
    for (let n = 0; n < 6; n += 1) lied.push((await wrong(`10.1.1.${n}, 198.51.100.7`, n)).status)
    expect(lied).toEqual([401, 401, 401, 401, 401, 429])
    expect((await call(app.url, '/api/admin/notices', { token: admin })).body.notices).toEqual([])
  })

  it('tells how many tries are left', async () => {
    const answer = await verify(challenge(app.url, 'not the password', 'Ann'))
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ tries_left: 4, code: 'wrong_password' })
  })

  it('gives the try back after a success', async () => {
    const now = Date.now()
    for (let n = 1; n <= 8; n += 1) {
      expect((await verify(challenge(app.url, HOUSEHOLD, 'Ann', now - n * 2000))).status).toBe(200)
    }
  })

  it('refuses foreign origins, stale challenges and bad names', async () => {
    expect(
      (await verify({ ...challenge('https://evil.example', HOUSEHOLD, 'A'), origin: 'https://evil.example' })).status,
    ).toBe(403)
    expect((await verify(challenge('http://10.9.9.9:1', HOUSEHOLD, 'A'))).status).toBe(403)
    expect((await verify(challenge(app.url, HOUSEHOLD, 'A', Date.now() - 6 * 60_000))).status).toBe(401)
    expect((await verify(challenge(app.url, HOUSEHOLD, 'A', Date.now() + 6 * 60_000))).status).toBe(401)
    expect((await verify(challenge(app.url, HOUSEHOLD, '   '))).body).toMatchObject({ field: 'name' })
    expect((await verify(challenge(app.url, HOUSEHOLD, 'x'.repeat(51)))).status).toBe(400)
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
