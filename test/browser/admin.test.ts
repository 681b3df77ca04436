import { describe, expect, it } from 'vitest'
import { call } from '../http/deployment.ts'
import { ADMIN, FEED, id, inSetting, picture, SETTINGS, storeBy, useBrowser, waitForToast } from './browse-app.ts'

describe.each(SETTINGS)('the admin on a %s in %s', (view, language) => {
  const session = useBrowser({ tmdb: true })

  const { open, signedIn, says } = inSetting(session, view, language)
  const settings = async (token: string) => (await call(session.app.url, '/api/admin/settings', { token })).body

  it('makes a quality profile, of which people ask and by which lists are narrowed', async () => {
    const { page, token, close } = await open('/operator', { password: ADMIN })
    const panel = page.locator(id('quality-profiles'))
    const save = panel.locator(id('save-changes'))
    await panel.waitFor()
    expect(await save.isDisabled()).toBe(true)
    await page.click(id('add-profile'))
    const row = panel.locator(id('profile-row')).nth(1)
    await row.locator(id('profile-name')).fill('2160')
    await row.locator(id('profile-movie')).fill('/movies-4k')
    await panel.locator(id('nested-folders')).waitFor()
    await save.click()
    await row.getByText(says('profiles.badName')).waitFor()
    await row.locator(id('profile-name')).fill('4K')
    await save.click()
    await waitForToast(page, says('admin.saved'))
    const profiles: { id: number; name: string }[] = (await settings(token)).quality_profiles
    const four = profiles.find(({ name }) => name === '4K')?.id
    expect(four).toBeDefined()
    expect(await save.isDisabled()).toBe(true)

    const carried = async (): Promise<number[]> => {
      const { body } = await call(session.app.url, '/api/requests', { token })
      return body.requests.map((one: { quality_profile_id: number }) => one.quality_profile_id)
    }
    await page.goto(`${session.app.url}/title/movie/603`)
    await page.selectOption(id('quality'), { label: '4K' })
    await storeBy(page, id('request-button'))
    await page.locator(id('profile'), { hasText: '4K' }).waitFor()
    expect(await carried()).toEqual([four])
    await page.goto(`${session.app.url}/title/tv/1396`)
    await page.click(id('request-button'))
    await page.selectOption(`${id('request-sheet')} ${id('quality')}`, { label: '4K' })
    await storeBy(page, id('request-confirm'))
    await page.locator(id('profile'), { hasText: '4K' }).waitFor()
    expect(await carried()).toEqual([four, four])
    await page.goto(`${session.app.url}/requests`)
    await page.locator(id('profile'), { hasText: '4K' }).nth(1).waitFor()

    await page.goto(`${session.app.url}/feeds`)
    await page.selectOption(id('only-profile-radarr'), { label: '4K' })
    await page
      .locator(id('feed-radarr_program'))
      .getByText(says('feeds.steps.profile', { profile: '4K' }))
      .waitFor()
    await page.locator(id('feed-radarr_tmdb')).locator('summary').click()
    const address = await page.locator(`${id('feed-radarr_tmdb')} ${id('feed-url')}`).inputValue()
    expect(address).toBe(`${session.app.url}/list/radarr?by=tmdb&token=${FEED}&profile=${four}`)
    expect((await fetch(address)).status).toBe(200)

    await page.goto(`${session.app.url}/operator`)
    await row.waitFor()
    expect(await row.locator(id('remove-profile')).isDisabled()).toBe(true)
    await close()
  })

  it('makes a new profile the default at once, and takes an unused one away', async () => {
    const { page, token, close } = await open('/operator', { password: ADMIN })
    const panel = page.locator(id('quality-profiles'))
    await page.click(id('add-profile'))
    const row = panel.locator(id('profile-row')).nth(2)
    await row.locator(id('profile-name')).fill('Anime')
    await row.locator(id('profile-standard')).check()
    await panel.locator(id('save-changes')).click()
    await waitForToast(page, says('admin.saved'))
    const made = await settings(token)
    const anime = made.quality_profiles.find(({ name }: { name: string }) => name === 'Anime')
    expect(made.default_quality_profile_id).toBe(anime?.id)
    expect(await row.locator(id('remove-profile')).isDisabled()).toBe(true)
    const standard = panel.locator(id('profile-row')).first()
    await standard.locator(id('profile-standard')).check()
    await row.locator(id('remove-profile')).click()
    await panel.locator(id('cancel-changes')).click()
    await row.waitFor()
    await standard.locator(id('profile-standard')).check()
    await row.locator(id('remove-profile')).click()
    await storeBy(page, `${id('quality-profiles')} ${id('save-changes')}`, '/api/admin/settings')
    expect((await settings(token)).quality_profiles.length).toBe(2)
    await close()
  })

  it('lets what has arrived leave the feeds only after reading what that can do', async () => {
    const { page, token, close } = await open('/operator', { password: ADMIN })
    const panel = page.locator(id('arrived-titles'))
    const save = panel.locator(id('save-changes'))
    await page.check(id('arrived-leave'))
    await panel.getByText(says('arrived.warning')).waitFor()
    await page.fill(id('arrived-days'), '14')
    expect(await save.isDisabled()).toBe(true)
    await page.check(id('arrived-sure'))
    await save.click()
    await waitForToast(page, says('admin.saved'))
    expect((await settings(token)).keep_arrived_days).toBe(14)
    await page.reload()
    await page.check(id('arrived-stay'))
    await save.click()
    await waitForToast(page, says('admin.saved'))
    expect((await settings(token)).keep_arrived_days).toBeNull()
    await close()
  })

  it('is told of an emptied list and of a reader that has stopped, and opens the feeds again', async () => {
    const at = '2026-01-02T03:04:00.000Z'
    const times = { first_read_at: '2026-01-01T00:00:00.000Z', last_read_at: at }
    const reader = {
      id: 'x',
      app: 'Radarr',
      version: '6.1.0.1',
      list: 'radarr',
      profile: null,
      rows: 3,
      silent: true,
      ...times,
    }
    const notices = [
      { code: 'feed_emptied', detail: 'no' },
      { code: 'reader_silent', detail: 'no', reader: { ...reader, key_name: null, old_key: false } },
      {
        code: 'title_not_in_catalog',
        detail: 'no',
        title: { media_type: 'movie', tmdb_id: 603, title: 'The Matrix', year: 1999 },
      },
    ]
    const { page, problems, go, close } = await signedIn({ password: ADMIN })
    await page.route('**/api/admin/notices', (route) => route.fulfill({ json: { notices } }), { times: 1 })
    await go('/operator')
    const when = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at))
    const silent = { app: 'Radarr', list: 'StevenLu Custom', when }
    await page.getByText(says('admin.notices.reader_silent', silent)).waitFor()
    await page.getByText(says('admin.notices.feed_emptied')).waitFor()
    expect(await page.locator(id('forget-reader')).count()).toBe(1)
    await page.getByText(says('admin.notices.title_not_in_catalog', { title: 'The Matrix (1999)' })).waitFor()
    expect(await page.locator(id('to-title')).getAttribute('href')).toBe('/title/movie/603')
    await page.click(id('confirm-store'))
    await waitForToast(page, says('admin.opened'))
    await page.getByText(says('admin.works')).waitFor()
    expect(problems).toEqual([])
    await close()
  })

  it('is told of an import that has begun and not ended, and opens the feeds by a word', async () => {
    const { page, problems, go, close } = await signedIn({ password: ADMIN })
    const notices = [{ code: 'import_running', detail: 'no' }]
    await page.route('**/api/admin/notices', (route) => route.fulfill({ json: { notices } }), { times: 1 })
    await go('/operator')
    await page.getByText(says('admin.notices.import_running')).waitFor()
    await picture(page, `${view}-admin-import`)
    await page.click(id('confirm-store'))
    await waitForToast(page, says('admin.opened'))
    await page.getByText(says('admin.works')).waitFor()
    expect(problems).toEqual([])
    await close()
  })

  it('hides who asked from the program lists', async () => {
    const { page, token, problems, close } = await open('/operator', { password: ADMIN })
    const panel = page.locator(id('requester-tags'))
    await panel.getByText('Ann', { exact: true }).waitFor()
    await page.check(id('tags-hidden'))
    // No list was read that could be filtered by them.
    await panel.getByText(says('tags.noneRead')).waitFor()
    await panel.locator(id('save-changes')).click()
    await waitForToast(page, says('admin.saved'))
    expect((await settings(token)).tags_hidden).toBe(true)
    expect(problems).toEqual([])
    await close()
  })
})
