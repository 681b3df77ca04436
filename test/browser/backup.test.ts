import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { ADMIN, id, inSetting, picture, SELF_HOSTED, SETTINGS, useBrowser } from './browse-app.ts'

/** Touches the button and answers the file's name and contents. */
async function downloaded(page: Page): Promise<{ name: string; contents: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(id('download-backup'))])
  const contents = await text(
    createReadStream(await download.path())
      .pipe(createGunzip())
      .setEncoding('latin1'),
  )
  return { name: download.suggestedFilename(), contents }
}

describe.each(SETTINGS)('a backup on a %s in %s', (view, language) => {
  const session = useBrowser()
  const { open, says } = inSetting(session, view, language)

  it('is downloaded by the admin, with the secrets for the admin password alone, where one can be made', async () => {
    const { page, problems, close } = await open('/operator', { password: ADMIN })
    await page.locator(id('quality-profiles')).waitFor()
    if (SELF_HOSTED) {
      await page.locator(id('backup')).waitFor()
      const { name, contents } = await downloaded(page)
      expect(name).toMatch(/^stellarr-backup-\d{4}-\d{2}-\d{2}\.tar\.gz$/)
      expect([contents.includes('stellarr.db'), contents.includes('secrets.json')]).toEqual([true, false])
      await page.check(id('backup-secrets'))
      await page.fill(id('backup-password'), 'another-password')
      await page.click(id('download-backup'))
      await page.locator(`${id('backup')} ${id('error-message')}`).waitFor()
      await picture(page, `${view}-admin-backup`)
      // The browser names the refusal on its console as well.
      expect(problems.splice(0)).toEqual([expect.stringContaining('401')])
      await page.fill(id('backup-password'), ADMIN)
      expect((await downloaded(page)).contents).toContain('secrets.json')
      expect(await page.locator(id('backup-password')).inputValue()).toBe('')
      expect(await page.getByText(says('backup.working')).count()).toBe(0)
    } else expect(await page.locator(id('backup')).count()).toBe(0)
    expect(problems).toEqual([])
    await close()
  })
})
