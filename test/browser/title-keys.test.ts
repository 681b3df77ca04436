import { describe, expect, it } from 'vitest'
import { ADMIN, card, id, inSetting, SELF_HOSTED, SETTINGS, useBrowser, waitForToast } from './browse-app.ts'

const KEY = '0123456789abcdef0123456789abcdef'

const [[view, language]] = SETTINGS

describe('the keys of titles', () => {
  const session = useBrowser({ tmdb: 'without its key' })
  const { open, says } = inSetting(session, view, language)

  if (SELF_HOSTED) {
    it('are entered, checked and removed by the admin, and open all titles without a restart', async () => {
      const { page, close } = await open('/operator', { password: ADMIN })
      const row = page.locator(id('title-key-tmdb'))
      const field = row.locator(id('key-field'))
      const use = row.locator(id('use-key'))
      await page.getByText(says('sample')).first().waitFor()
      expect(await use.isDisabled()).toBe(true)
      await field.fill(`“${KEY}”`)
      await use.click()
      await row.getByText(says('titleKeys.wrongForm')).waitFor()
      session.tmdb?.mode('401')
      await field.fill(KEY)
      await use.click()
      await row.getByText(says('error.tmdb_key_refused')).waitFor()
      session.tmdb?.mode('ok')
      await use.click()
      await waitForToast(page, says('titleKeys.used.tmdb'))
      await row.getByText(says('titleKeys.state.works', { name: 'TMDB' })).waitFor()
      expect(await field.inputValue()).toBe('')
      await page.getByText(says('sample')).first().waitFor({ state: 'detached' })
      await page
        .getByRole('link', { name: says('nav.home') })
        .first()
        .click()
      await page.locator(card('movie', 27205)).first().waitFor()

      await page.goto(`${session.app.url}/operator`)
      await row.locator(id('remove-key')).click()
      await page.getByText(says('sample')).first().waitFor()
      await close()
    })
  } else {
    it('are set by a command on AWS, which is named', async () => {
      const { page, close } = await open('/operator', { password: ADMIN })
      await page.getByText('npm run deploy:aws -- rotate tmdb').waitFor()
      expect(await page.locator(id('key-field')).count()).toBe(0)
      await close()
    })
  }
})
