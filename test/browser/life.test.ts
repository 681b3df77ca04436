import { type FakePush, startFakePush } from '@stellarr/gateways/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, signIn } from '../http/deployment.ts'
import {
  ADMIN,
  askFor,
  id,
  inSetting,
  PASSWORD,
  picture,
  RADARR_HOOK,
  readAs,
  SELF_HOSTED,
  SETTINGS,
  SONARR_HOOK,
  storeBy,
  type Tab,
  useBrowser,
  waitForToast,
} from './browse-app.ts'

const BREAKING_BAD = { title: 'Breaking Bad', tvdbId: 81189, year: 2008 }

/** A browser's own side of push, which needs its maker's servers: a device of the stand-in's instead. */
function deviceScript(device: ReturnType<FakePush['subscribe']>): string {
  return `
    const held = () => {
      const key = JSON.parse(localStorage.getItem('test.device') ?? 'null')
      return key && {
        endpoint: ${JSON.stringify(device.endpoint)},
        options: { applicationServerKey: Uint8Array.from(key).buffer },
        toJSON: () => (${JSON.stringify(device)}),
        unsubscribe: async () => { localStorage.removeItem('test.device'); return true },
      }
    }
    PushManager.prototype.getSubscription = async () => held()
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      localStorage.setItem('test.device', JSON.stringify([...applicationServerKey]))
      return held()
    }`
}

/**
 * Has the service worker get a push message, as the browser would hand it over, and waits until it has shown it.
 * Chromium forgets a message that is asked for (`getNotifications`) while it is being shown, so asking is no way to wait.
 */
async function deliver({ page, context }: Tab, origin: string, data: string): Promise<void> {
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
  const [worker] = context.serviceWorkers()
  if (!worker) throw new Error('the page has no service worker')
  await worker.evaluate(`void (self.shown = new Promise((resolve) => {
    registration.showNotification = (...message) => {
      delete registration.showNotification
      const showing = registration.showNotification(...message)
      resolve(showing)
      return showing
    }
  }))`)
  const cdp = await context.newCDPSession(page)
  const registered = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [own] = registrations
      if (own) resolve(own.registrationId)
    })
  })
  await cdp.send('ServiceWorker.enable')
  await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data })
  await worker.evaluate('self.shown')
  await cdp.detach()
}

describe.each(SETTINGS)('what becomes of titles on a %s in %s', (view, language) => {
  const session = useBrowser()
  let push: FakePush
  beforeAll(async () => {
    push = await startFakePush()
  })
  afterAll(() => push?.close())

  const { open, openWindow, signedIn, says } = inSetting(session, view, language)
  const now = says('ago.now')

  async function hear(sender: 'sonarr' | 'radarr', json: object) {
    const token = sender === 'sonarr' ? SONARR_HOOK : RADARR_HOOK
    const answer = await call(session.app.url, `/webhook/${sender}?token=${token}`, { json })
    expect(answer.status).toBe(200)
  }

  it('is empty at first and leads to the set-up, where the household sees no address', async () => {
    const { page, problems, close } = await open('/settings')
    await page.click(id('to-activity'))
    await page.locator('.empty', { hasText: says('activity.empty') }).waitFor()
    await page.click(`.empty ${id('to-webhooks')}`)
    await page.waitForURL(/\/webhooks$/)
    await page.waitForSelector(id('admin-gate'))
    await page.click(`${id('sender-sonarr')} summary`)
    expect(await page.locator(id('webhook-url')).count()).toBe(0)
    expect(await page.textContent('main')).not.toContain(SONARR_HOOK)
    expect(problems).toEqual([])
    await close()
  })

  it('shows the admin each address, and that a sender was heard', async () => {
    const { page, problems, close } = await open('/webhooks#sonarr', { password: ADMIN })
    const sonarr = page.locator(id('sender-sonarr'))
    await sonarr.locator(id('webhook-url')).waitFor()
    expect(await sonarr.locator(id('webhook-url')).inputValue()).toBe(
      `${session.app.url}/webhook/sonarr?token=${SONARR_HOOK}`,
    )
    expect(await sonarr.textContent()).toContain('On Episode File Delete')
    expect(await sonarr.locator(id('heard')).textContent()).toBe(says('webhooks.silentTest', { test: 'Test' }))
    await page.click(`${id('sender-jellyfin')} summary`)
    expect(await page.inputValue(id('jellyfin-template'))).toContain('"{{{NotificationType}}}"')
    await hear('sonarr', { eventType: 'Test', series: BREAKING_BAD })
    await page.reload()
    const words = says('webhooks.heardOf', { when: now, name: 'Test' })
    await sonarr.locator(id('heard'), { hasText: words }).waitFor()
    expect(await page.inputValue(id('agent-fetch'))).toBe(`curl -O ${session.app.url}/library-agent.mjs`)
    expect(problems).toEqual([])
    await close()
  })

  it('shows each message and what it did, and leads to its title', async () => {
    const { page, token, problems, close } = await open('/')
    await askFor(session.app, token, { tmdb_id: 603, media_type: 'movie' })
    await hear('radarr', { eventType: 'Grab', movie: { tmdbId: 603, title: 'The Matrix', year: 1999 } })
    await hear('radarr', { eventType: 'Rename', movie: { tmdbId: 603 } })
    await page.goto(`${session.app.url}/activity`)
    const row = (outcome: string) => page.locator(`${id('activity-row')}[data-outcome="${outcome}"]`)
    await row('ignored').getByText('Rename', { exact: false }).first().waitFor()
    await row('test').getByText(says('activity.outcomes.test')).waitFor()
    const words = await row('matched').textContent()
    expect(words).toContain(says('activity.outcomes.matched'))
    expect(words).toContain(says('activity.rules.tmdb_id'))
    await row('matched').getByRole('link', { name: 'The Matrix' }).click()
    await page.waitForURL(/\/title\/movie\/603$/)
    expect(problems).toEqual([])
    await close()
  })

  it('shows the admin alone who was refused and why, and leads to what helps', async () => {
    const household = await open('/activity')
    await readAs(session.app, 'Radarr/6.1.0', '/radarr/api/v3/movie', 'an-old-key')
    await readAs(session.app, 'Radarr/6.1.0', '/radarr/api/v3/tag', 'an-old-key')
    const atSonarrs = { eventType: 'Test', movie: { tmdbId: 0, title: 'Test Title' } }
    const test = await call(session.app.url, `/webhook/sonarr?token=${SONARR_HOOK}`, { json: atSonarrs })
    expect(test.status).toBe(400)
    const { page, problems, close } = await open('/activity', { password: ADMIN })
    const row = (kind: string) => page.locator(`${id('refused-row')}[data-kind="${kind}"]`)
    const when = says('ago.now')
    const sentence = says('activity.refused.what.wrong_key', { who: 'Radarr.*', when })
    await row('wrong_key')
      .getByText(new RegExp(sentence.slice(sentence.indexOf('Radarr'))))
      .waitFor()
    expect(await row('wrong_key').textContent()).toContain(says('activity.refused.remedy.wrong_key'))
    // On AWS another instance may answer than the one that has not written these yet.
    if (SELF_HOSTED) {
      expect(await row('wrong_key').textContent()).toContain(says('activity.refused.count', { n: 2, when }))
      expect(await row('wrong_app').textContent()).toContain(says('activity.refused.remedy.stray'))
    }
    const stray = page.locator(`${id('activity-row')}[data-outcome="stray"]`)
    expect(await stray.textContent()).toContain('/webhook/radarr')
    await picture(page, `refused-${view}-${language}`)
    await row('wrong_key').getByRole('link').click()
    await page.waitForURL(/\/feeds#radarr$/)
    expect(problems).toEqual([])
    await close()
    await household.page.reload()
    await household.page.waitForSelector(id('activity'))
    expect(await household.page.locator(id('refused')).count()).toBe(0)
    expect(household.problems).toEqual([])
    await household.close()
  })

  it('leads a movie from a touch to "Available", by what Radarr tells', async () => {
    const { page, problems, close } = await open('/title/movie/27205')
    await storeBy(page, id('request-button'))
    await waitForToast(page, says('toast.asked.movie', { title: 'Inception' }))
    const movie = { tmdbId: 27205, title: 'Inception', year: 2010 }
    for (const [eventType, status] of [
      ['MovieAdded', 'picked_up'],
      ['Grab', 'downloading'],
      ['Download', 'available'],
    ]) {
      await hear('radarr', { eventType, movie })
      await page.goto(`${session.app.url}/requests`)
      const card = page.locator(id('request-row'), { hasText: 'Inception' })
      await card.getByText(says(`status.${status}`), { exact: true }).waitFor()
    }
    await page.goto(`${session.app.url}/title/movie/27205`)
    await page.locator(id('title-status'), { hasText: says('state.available') }).waitFor()
    expect(problems).toEqual([])
    await close()
  })

  it('says how many episodes of a series are here, and how each season stands', async () => {
    const { page, token, problems, close } = await open('/')
    await askFor(session.app, token, { tmdb_id: 1396, media_type: 'tv' })
    const episodes = (seasonNumber: number, length: number) =>
      Array.from({ length }, (_, index) => ({ seasonNumber, episodeNumber: index + 1 }))
    await hear('sonarr', { eventType: 'Download', series: BREAKING_BAD, episodes: episodes(1, 7) })
    await hear('sonarr', { eventType: 'Download', series: BREAKING_BAD, episodes: episodes(2, 3) })
    await page.goto(`${session.app.url}/title/tv/1396`)
    const [, words = ''] = says('progress.some', { here: 10, total: 62 }).split(' | ')
    await page.locator(id('how-far'), { hasText: words }).waitFor()
    const chip = (season: number) => page.locator(`${id(`season-row-${season}`)} ${id('season-state')}`).textContent()
    expect(await chip(1)).toBe(says('season.complete'))
    expect(await chip(2)).toBe(says('season.some', { here: 3, total: 13 }))
    expect(await chip(3)).toBe(says('season.requested'))
    await picture(page, `${view}-seasons`)
    await page.click(id('nav-requests'))
    await page.locator(id('request-row')).locator(id('how-far'), { hasText: words }).waitFor()
    expect(problems).toEqual([])
    await close()
  })

  it('is told to others who want to know, until they do not', async () => {
    const bob = await signIn(session.app.url, 'Bob', PASSWORD)
    await askFor(session.app, bob, { tmdb_id: 19, media_type: 'movie' })
    const followers = async () => {
      const { body } = await call(session.app.url, '/api/requests', { token: bob })
      return body.requests.find((row: { tmdb_id: number }) => row.tmdb_id === 19).followers
    }
    const { page, problems, close } = await open('/title/movie/19')
    const button = page.locator(id('follow-button'))
    await button.getByText(says('title.follow'), { exact: true }).click()
    await waitForToast(page, says('toast.follows', { title: 'Metropolis' }))
    expect(await followers()).toEqual(['Ann'])
    await button.getByText(says('title.unfollow')).click()
    await waitForToast(page, says('toast.followsNot', { title: 'Metropolis' }))
    expect(await followers()).toEqual([])
    // Whoever asked for it is told anyway.
    const own = await open('/title/movie/19', { name: 'Bob' })
    await own.page.waitForSelector(id('request-button'))
    expect(await own.page.locator(id('follow-button')).count()).toBe(0)
    expect([...problems, ...own.problems]).toEqual([])
    await own.close()
    await close()
  })

  it('comes to a device that wants it, and no more when it does not', async () => {
    const tab = await signedIn({ serviceWorkers: 'allow' })
    const { page } = tab
    await tab.context.grantPermissions(['notifications'], { origin: session.app.url })
    await page.addInitScript(deviceScript(push.subscribe()))
    await tab.go('/settings')
    const panel = page.locator(id('notifications'))
    await page.click(id('push-on'))
    await waitForToast(page, says('push.nowOn'))
    await page.reload()
    await panel.and(page.locator('[data-state="on"]')).waitFor()
    await picture(page, `${view}-notifications-on`)
    const before = push.received.length
    await page.click(id('push-test'))
    await waitForToast(page, says('push.testSent'))
    const [message] = push.received.slice(before)
    expect(message?.vapidKey).toBeDefined()

    // What the server sent is what the service worker shows.
    await deliver(tab, session.app.url, message?.text ?? '')
    await deliver(tab, session.app.url, 'no JSON')
    const shown = 'navigator.serviceWorker.ready.then((registration) => registration.getNotifications())'
    const bodies = await page.evaluate(`${shown}.then((all) => all.map((one) => one.body).sort())`)
    expect(bodies).toEqual(['', JSON.parse(message?.text ?? '{}').body])

    await page.click(id('push-off'))
    await waitForToast(page, says('push.nowOff'))
    await panel.and(page.locator('[data-state="off"]')).waitFor()
    await tab.close()
  })

  it('says why a device cannot be told where the browser blocks it', async () => {
    const tab = await open('/settings')
    // Who is granted nothing is denied everything.
    await tab.context.grantPermissions([], { origin: session.app.url })
    await tab.page.reload()
    await tab.page.waitForSelector(`${id('notifications')}[data-state="blocked"]`)
    await tab.page.getByText(says('push.states.blocked')).waitFor()
    await tab.close()
  })

  it.each(SELF_HOSTED ? ['http://nas'] : [])('says why a device cannot be told over plain http, at %s', async (nas) => {
    const plain = await openWindow()
    const url = session.app.url.replace('http://localhost', nas)
    const token = await signIn(session.app.url, 'Ann', PASSWORD)
    await plain.page.goto(`${url}/favicon.svg`)
    const kept = JSON.stringify(JSON.stringify({ token, name: 'Ann', role: 'household' }))
    await plain.page.evaluate(`localStorage.setItem('stellarr.session', ${kept})`)
    await plain.page.goto(`${url}/settings`)
    await plain.page.waitForSelector(`${id('notifications')}[data-state="plain"]`)
    await plain.page.getByText(says('push.states.plain')).waitFor()
    expect(await plain.page.locator(id('push-on')).count()).toBe(0)
    await plain.page.locator(id('notifications')).scrollIntoViewIfNeeded()
    await picture(plain.page, `${view}-notifications-plain`)
    expect(plain.problems).toEqual([])
    await plain.close()
  })
})
