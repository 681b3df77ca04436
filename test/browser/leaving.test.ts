import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { call } from '../http/deployment.ts'
import { ADMIN, id, inSetting, picture, SETTINGS, storeBy, useBrowser, waitForToast } from './browse-app.ts'
import { moviesOfRadarr } from './movies-of-radarr.ts'
import { faultsOf, STILL, tooWide } from './page-faults.ts'

/** Twelve movies, by their ids. */
const MOVIES: Readonly<Record<number, string>> = {
  701: 'Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb',
  702: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [703 + n, `A Movie of Twelve, Number ${n + 3}`])),
}
const IDS = Object.keys(MOVIES).map(Number)
const titleOf = (tmdbId: number) => `${MOVIES[tmdbId]} (2001)`

describe.each(SETTINGS)('what a list never loses, on a %s in %s', (view, language) => {
  const session = useBrowser({ tmdb: true })
  const { open, says } = inSetting(session, view, language)
  const { radarr, arrive, listed } = moviesOfRadarr(session)
  const asAdmin = (path = '/operator') => open(path, { name: 'Op', password: ADMIN })
  /** What is said of several. */
  const ofMany = (key: string, n: number, more: object = {}) => says(key, { n, ...more }).split(' | ')[1] ?? ''
  const removeAll = async () => {
    for (const tmdbId of IDS) await radarr('MovieDelete', tmdbId)
  }

  /** All that is wrong with what a page shows, which is kept as a picture. */
  async function wrongWith(page: Page, name: string): Promise<string[]> {
    await page.evaluate(STILL)
    await picture(page, `${view}-${name}`)
    return [...(await faultsOf(page)), ...(await tooWide(page, view))]
  }

  it('says of a movie whose file is lost that it is missing, until it comes again', async () => {
    const { page, token, problems, close } = await open('/requests')
    await arrive(token, MOVIES)
    await listed()
    await radarr('MovieFileDelete', 701)
    await page.reload()
    const lost = page.locator(id('request-row'), { hasText: MOVIES[701] ?? '' }).locator(id('lost'))
    await lost.getByText(says('lostFile.arr', { app: 'Radarr' })).waitFor()
    expect(await lost.locator('.chip').textContent()).toBe(says('lostFile.chip'))
    expect(await page.locator(id('lost')).count()).toBe(1)
    expect(await wrongWith(page, 'file-missing')).toEqual([])
    await page.goto(`${session.app.url}/title/movie/701`)
    await page.locator(id('lost'), { hasText: says('lostFile.arr', { app: 'Radarr' }) }).waitFor()
    expect(await wrongWith(page, 'title-file-missing')).toEqual([])
    await radarr('Download', 701)
    await page.reload()
    await page.locator(id('title-status')).waitFor()
    expect(await page.locator(id('lost')).count()).toBe(0)
    expect(problems).toEqual([])
    await close()
  })

  it('says how many rows keep a root folder that was renamed', async () => {
    const { page, problems, close } = await asAdmin()
    const panel = page.locator(id('quality-profiles'))
    await panel.locator(id('profile-movie')).fill('/cinema/')
    const keeps = panel.locator(id('folder-kept'))
    await keeps.getByText(ofMany('profiles.keeps.movie', 12, { path: '/movies' })).waitFor()
    await storeBy(page, `${id('quality-profiles')} ${id('save-changes')}`, '/api/admin/settings')
    await page.reload()
    await keeps.getByText(ofMany('profiles.keeps.movie', 12, { path: '/movies' })).waitFor()
    expect(await wrongWith(page, 'folder-kept')).toEqual([])
    await panel.locator(id('profile-movie')).fill('/movies')
    await keeps.waitFor({ state: 'detached' })
    await panel.locator(id('save-changes')).click()
    await waitForToast(page, says('admin.saved'))
    expect(problems).toEqual([])
    await close()
  })

  it('asks before tags are hidden, with how many rows of which clients go', async () => {
    const { page, token, problems, close } = await asAdmin()
    const panel = page.locator(id('requester-tags'))
    const save = panel.locator(id('save-changes'))
    await panel.locator(id('tags-hidden')).check()
    await panel.getByText(says('tags.warning', { rows: ofMany('tags.rows.movie', 12) })).waitFor()
    expect(await save.isDisabled()).toBe(true)
    expect(await wrongWith(page, 'tags-warning')).toEqual([])
    await panel.locator(id('tags-sure')).check()
    await storeBy(page, `${id('requester-tags')} ${id('save-changes')}`, '/api/admin/settings')
    expect((await call(session.app.url, '/api/admin/settings', { token })).body.tags_hidden).toBe(true)
    await panel.locator(id('tags-warning')).waitFor({ state: 'detached' })
    expect(problems).toEqual([])
    await close()
  })

  it('asks the admin about twelve of twelve that were deleted, who keeps requesting them', async () => {
    await removeAll()
    const { page, problems, close } = await asAdmin()
    const question = page.locator(id('deletion-question'))
    await question.getByText(says('admin.deletions.heading.radarr', { count: 12, of: 12 })).waitFor()
    await question.getByText(says('admin.deletions.what', { app: 'Radarr' })).waitFor()
    expect(await question.getByText(titleOf(702)).isVisible()).toBe(false)
    await question.locator(id('deletions-which')).press('Enter')
    for (const tmdbId of IDS) await question.getByText(titleOf(tmdbId), { exact: true }).waitFor()
    expect(await wrongWith(page, 'deletions')).toEqual([])
    expect(await listed()).toHaveLength(12)
    await question.locator(id('deletions-keep')).click()
    await waitForToast(page, says('admin.deletions.kept'))
    await question.waitFor({ state: 'detached' })
    await page.getByText(says('admin.works')).waitFor()
    expect(await listed()).toHaveLength(12)
    expect(problems).toEqual([])
    await close()
  })

  it('takes them out of the lists once their number is typed, but for the last row', async () => {
    await removeAll()
    const { page, problems, close } = await asAdmin()
    const remove = page.locator(id('deletions-remove'))
    const sheet = page.locator(`${id('deletions-sheet')}[open]`)
    const [count, confirm] = [sheet.locator(id('deletions-count')), sheet.locator(id('deletions-confirm'))]
    // By the keyboard alone.
    await remove.press('Enter')
    await sheet.getByText(ofMany('admin.deletions.cleanLibrary.radarr', 12)).waitFor()
    expect(await wrongWith(page, 'deletions-sheet')).toEqual([])
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    expect(await page.locator(':focus').getAttribute('data-testid')).toBe('deletions-remove')
    await remove.press('Enter')
    for (const wrong of ['', '11', '012', '1 2', 'twelve']) {
      await count.fill(wrong)
      expect([wrong, await confirm.isDisabled()]).toEqual([wrong, true])
      await count.press('Enter')
    }
    expect(await listed()).toHaveLength(12)
    await count.fill('12')
    expect(await confirm.isDisabled()).toBe(false)
    await count.press('Enter')
    await waitForToast(page, says('admin.deletions.stayed'))
    await page.locator(id('deletion-question')).waitFor({ state: 'detached' })
    const [last, ...others] = await listed()
    expect(others).toEqual([])

    const words = says('keptListed.last_row', { app: 'Radarr' })
    await page.goto(`${session.app.url}/requests`)
    const row = page.locator(id('request-row'), { hasText: MOVIES[last ?? 0] ?? '' })
    await row.locator(id('lost'), { hasText: words }).waitFor()
    expect(await page.locator(id('lost')).count()).toBe(1)
    await page.goto(`${session.app.url}/title/movie/${last}`)
    await page.locator(id('lost'), { hasText: words }).waitFor()
    expect(await wrongWith(page, 'kept-in-its-list')).toEqual([])
    expect(problems).toEqual([])
    await close()
  })
})
