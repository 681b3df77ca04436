import { describe, expect, it } from 'vitest'
import { call, challenge } from '../http/deployment.ts'
import { ADMIN, fillSignIn, id, inSetting, openTab, PASSWORD, SETTINGS, useBrowser } from './browse-app.ts'

const session = useBrowser()

const kept = "Object.keys(localStorage).filter((key) => key.startsWith('stellarr.'))"

describe.each(SETTINGS)('signing in on a %s in %s', (view, language) => {
  const { openWindow: open, signedIn, says } = inSetting(session, view, language)

  it('says what is wrong and how many tries are left', async () => {
    const { page, close } = await open()
    await page.goto(session.app.url)
    await fillSignIn(page, 'Ann', 'not the password')
    // The failure of the run before is forgotten: somebody has signed in since.
    const [, , many = ''] = says('signIn.wrong', { n: 4 }).split(' | ')
    expect(await page.textContent(id('error-message'))).toBe(many)
    await fillSignIn(page, 'Ann')
    await page.waitForSelector(id('title-card'))
    await close()
  })

  it.each([-3 * 3_600_000, 40 * 86_400_000])('works on a device whose clock is off by %s ms', async (off) => {
    const { page, problems, close } = await open()
    await page.clock.install({ time: Date.now() + off })
    await page.goto(session.app.url)
    await fillSignIn(page, 'Ann')
    await page.waitForSelector(id('title-card'))
    expect(problems).toEqual([])
    await close()
  })

  it('works within the second in which somebody else signs in', async () => {
    const { page, problems, close } = await open()
    // Ahead of all other sign-ins here, and within what the server takes.
    const now = Math.floor(Date.now() / 1000) + (view === 'phone' ? 200 : 100)
    const { url } = session.app
    await call(url, '/api/auth/verify', { json: challenge(url, PASSWORD, 'Bob', now * 1000) })
    await page.route('**/api/auth/params', (route) => route.fulfill({ json: { iterations: 100_000, now } }))
    await page.clock.setFixedTime(Date.now())
    await page.goto(url)
    const used = page.waitForResponse((answer) => answer.url().endsWith('/api/auth/verify'))
    await fillSignIn(page, 'Ann')
    expect(await (await used).json()).toMatchObject({ code: 'challenge_used' })
    await page.clock.setFixedTime(Date.now() + 5_000)
    await page.waitForSelector(id('title-card'))
    expect(problems).toEqual([])
    await close()
  })

  it('leads to the page that was asked for, and a foreign address is none', async () => {
    const { page, close } = await open()
    await page.goto(`${session.app.url}/title/movie/603`)
    await fillSignIn(page, 'Ann')
    await page.waitForSelector(id('request-button'))
    await page.evaluate('localStorage.clear()')
    await page.goto(`${session.app.url}/sign-in?to=${encodeURIComponent('//example.org/')}`)
    await fillSignIn(page, 'Ann')
    await page.waitForSelector(id('title-card'))
    expect(new URL(page.url()).host).toBe(new URL(session.app.url).host)
    await close()
  })

  it('ends on sign-out with nothing of the household left on the device, and a new name may follow', async () => {
    const { page, close } = await open()
    await page.goto(session.app.url)
    await fillSignIn(page, 'Ann')
    await page.waitForSelector(id('title-card'))
    expect(await page.evaluate(kept)).toEqual(expect.arrayContaining(['stellarr.session', 'stellarr.seen.trending']))
    await page.click(id('nav-settings'))
    await page.click(id('change-name'))
    await page.waitForSelector(id('sign-in-name'))
    expect(await page.evaluate(kept)).toEqual([])
    expect(await page.inputValue(id('sign-in-name'))).toBe('Ann')
    await fillSignIn(page, 'Anna')
    await page.waitForSelector(id('title-card'))
    await page.click(id('nav-settings'))
    expect(await page.textContent('main')).toContain('Anna')
    await close()
  })

  it('is asked for again when the session has ended, and goes on where one was', async () => {
    const { page, go, close } = await signedIn()
    await page.evaluate(`localStorage.setItem('stellarr.session', JSON.stringify({
      ...JSON.parse(localStorage.getItem('stellarr.session')), token: '1.QW5u.${'x'.repeat(43)}' }))`)
    await go('/requests')
    await page.getByText(says('error.signed_out')).waitFor()
    expect(await page.evaluate(kept)).toEqual([])
    await fillSignIn(page, 'Ann')
    await page.getByRole('heading', { name: says('nav.requests'), level: 1 }).waitFor()
    await close()
  })

  it('as admin takes the admin’s password and no other', async () => {
    const { page, go, close } = await signedIn()
    await go('/operator')
    await page.fill(id('admin-password'), 'household-password-1')
    await page.click(id('admin-submit'))
    const [, , many = ''] = says('admin.wrong', { n: 4 }).split(' | ')
    await page.getByText(many).waitFor()
    await page.fill(id('admin-password'), ADMIN)
    await page.click(id('admin-submit'))
    await page.getByText(says('admin.works')).waitFor()
    await close()
  })
})

describe('too many tries', () => {
  it('say how long to wait', async () => {
    const { page, close } = await openTab(session.browser, 'phone', 'en')
    await page.goto(session.app.url)
    for (let tries = 0; tries < 6; tries += 1) {
      await fillSignIn(page, 'Ann', `wrong password ${tries}`)
      await page.waitForSelector(`${id('sign-in-submit')}:not([disabled])`)
    }
    await page.getByText(/^Too many tries\. Try again in 1\d minutes\.$/).waitFor()
    await close()
  })
})
