import { describe, expect, it } from 'vitest'
import { ADMIN, feed, id, inSetting, picture, SETTINGS, useBrowser, waitForToast } from './browse-app.ts'

const statusOfList = async (app: Parameters<typeof feed>[0]) => (await feed(app, '/list/radarr')).status

describe.each(SETTINGS)('a new store whose keys are from before, on a %s in %s', (view, language) => {
  describe('at home', () => {
    const session = useBrowser({ isAsked: true })
    const { open, says } = inSetting(session, view, language)

    it('is no concern of the household', async () => {
      const { page, problems, close } = await open('/')
      await page.locator(id('title-card')).first().waitFor()
      expect(await page.locator(id('new-store')).count()).toBe(0)
      await page.goto(`${session.app.url}/feeds`)
      await page.locator(id('admin-gate')).waitFor()
      expect(await page.locator(`${id('new-store')}, [role="alert"]`).count()).toBe(0)
      expect(problems).toEqual([])
      await close()
    })

    it('is asked about on the first card of the admin, and opens at a word', async () => {
      const { page, problems, close } = await open('/', { password: ADMIN })
      const card = page.locator(`main ${id('new-store')}`)
      await card.getByText(says('admin.newStore.question')).waitFor()
      await card.getByText(says('admin.newStore.cost')).waitFor()
      await picture(page, `${view}-new-store`)
      expect(await statusOfList(session.app)).toBe(503)
      await page.click(id('new-store-open'))
      await waitForToast(page, says('admin.newStore.opened'))
      await card.waitFor({ state: 'detached' })
      expect(await feed(session.app, '/list/radarr')).toMatchObject({ status: 200, text: '[]' })
      expect(problems).toEqual([])
      await close()
    })
  })

  describe('of whom has lost data', () => {
    const session = useBrowser({ isAsked: true })
    const { open, says } = inSetting(session, view, language)

    it('stays closed, says what to do, and shows no key before its lists are open', async () => {
      const { page, problems, close } = await open('/', { password: ADMIN })
      await page.click(id('new-store-keep'))
      await page.locator(id('new-store-kept')).getByText(says('admin.newStore.kept')).waitFor()
      await page.click(`${id('title-card')} >> nth=0`)
      await page.waitForURL('**/title/**')
      await page.goBack()
      await page.locator(id('title-card')).first().waitFor()
      expect(await page.locator(id('new-store')).count()).toBe(0)

      await page.goto(`${session.app.url}/operator`)
      await page.locator(id('new-store')).waitFor()
      await page.goto(`${session.app.url}/feeds`)
      await page.locator(id('new-store')).waitFor()
      expect(await page.locator(`${id('feed-url')}, ${id('feed-key')}, ${id('reader-keys')}`).count()).toBe(0)
      expect(await statusOfList(session.app)).toBe(503)
      await page.click(id('new-store-open'))
      await page.locator(id('feed-url')).first().waitFor()
      await page.locator(id('new-store')).waitFor({ state: 'detached' })
      expect(await statusOfList(session.app)).toBe(200)
      expect(problems).toEqual([])
      await close()
    })
  })
})
