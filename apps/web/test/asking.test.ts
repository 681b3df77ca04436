import type { RequestAnswer, RequestBody, RequestRow } from '@stellarr/http/wire'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createHousehold } from '../src/state/household.ts'
import { createRequesting } from '../src/state/requesting.ts'
import { createToasts } from '../src/state/toasts.ts'
import { createWithdrawing } from '../src/state/withdrawing.ts'
import { stubLocalStorage } from './browser-storage.ts'
import { anItem, aRow, byHand, refusal, say } from './rows.ts'

const settled = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  stubLocalStorage()
})

function openPages(rows: RequestRow[] = []) {
  const api = {
    request: vi.fn<(body: RequestBody) => Promise<RequestAnswer>>(),
    withdraw: vi.fn(async () => ({ success: true as const, message: '', still_listed: false })),
    removeForGood: vi.fn(async (): Promise<unknown> => ({})),
    libraryStatus: async () => undefined,
  }
  const household = createHousehold({ api })
  for (const row of rows) household.settle(row.media_type, row.tmdb_id, row)
  const toasts = createToasts()
  const shared = { api, household, toasts, t: say }
  return {
    api,
    household,
    toasts,
    ...createRequesting({ ...shared, me: () => 'Ann' }),
    ...createWithdrawing(shared),
    texts: () => toasts.list.map((toast) => toast.text),
    press: () => toasts.list.at(-1)?.action?.run(),
  }
}

const stored = (row: RequestRow, success = true): RequestAnswer => ({ success, message: '', request: row })

describe('asking for a title', () => {
  it('shows it at once and keeps what the server answers', async () => {
    const pages = openPages()
    const answer = byHand<RequestAnswer>()
    pages.api.request.mockReturnValue(answer.promise)
    const asking = pages.request(anItem(1))
    expect(pages.household.rowOf('movie', 1)).toMatchObject({ status: 'pending', requested_by: 'Ann', imdb_id: null })
    expect(pages.texts()).toEqual(['toast.asked.movie Title 1'])
    answer.resolve(stored(aRow(1, { imdb_id: 'tt0000001' })))
    expect(await asking).toBe(true)
    expect(pages.household.rowOf('movie', 1)?.imdb_id).toBe('tt0000001')
  })

  it('is undone, also before the server has answered', async () => {
    const pages = openPages()
    const answer = byHand<RequestAnswer>()
    pages.api.request.mockReturnValue(answer.promise)
    const asking = pages.request(anItem(1))
    pages.press()
    expect(pages.household.rowOf('movie', 1)).toBeUndefined()
    expect(pages.api.withdraw).not.toHaveBeenCalled()
    answer.resolve(stored(aRow(1)))
    await asking
    await settled()
    expect(pages.api.withdraw).toHaveBeenCalledWith('movie', 1)
    expect(pages.household.rowOf('movie', 1)).toBeUndefined()
    expect(pages.texts().at(-1)).toBe('toast.takenBack Title 1')
  })

  it('stays when undoing fails, and says why', async () => {
    const pages = openPages()
    pages.api.request.mockResolvedValue(stored(aRow(1)))
    pages.api.withdraw.mockRejectedValue(refusal(409, 'last_row'))
    await pages.request(anItem(1))
    pages.press()
    await settled()
    expect(pages.household.rowOf('movie', 1)).toEqual(aRow(1))
    expect(pages.texts().at(-1)).toBe('toast.notTakenBack error.last_row')
  })

  it('goes back to what it was when it fails, and tries again at a touch', async () => {
    const pages = openPages()
    pages.api.request.mockRejectedValueOnce(refusal(503, 'catalog_unavailable'))
    expect(await pages.request(anItem(1))).toBe(false)
    expect(pages.household.rowOf('movie', 1)).toBeUndefined()
    expect(pages.texts()).toEqual(['toast.notAsked Title 1 error.catalog_unavailable'])
    expect(pages.toasts.list[0]?.tone).toBe('bad')
    pages.api.request.mockResolvedValue(stored(aRow(1)))
    pages.press()
    await settled()
    expect(pages.household.rowOf('movie', 1)).toEqual(aRow(1))
  })

  it('offers no second try where it cannot help', async () => {
    const pages = openPages()
    pages.api.request.mockRejectedValue(refusal(404, 'unknown_title'))
    await pages.request(anItem(1))
    expect(pages.toasts.list[0]?.action).toBeUndefined()
  })

  it('says that somebody asked already', async () => {
    const pages = openPages()
    pages.api.request.mockResolvedValue(stored(aRow(1, { requested_by: 'Bob' }), false))
    await pages.request(anItem(1))
    expect(pages.texts()).toEqual(['toast.already Title 1 Bob'])
  })

  it('adds seasons to a request without an undo that would take away more', async () => {
    const before = aRow(1, { media_type: 'tv', seasons: [1], future_seasons: false, requested_by: 'Bob' })
    const pages = openPages([before])
    const answer = byHand<RequestAnswer>()
    pages.api.request.mockReturnValue(answer.promise)
    const asking = pages.request(anItem(1, { media_type: 'tv' }), { seasons: [3, 2] })
    expect(pages.household.rowOf('tv', 1)).toMatchObject({ seasons: [1, 2, 3], requested_by: 'Bob' })
    expect(pages.toasts.list[0]).toMatchObject({ text: 'toast.asksMore Title 1' })
    expect(pages.toasts.list[0]?.action).toBeUndefined()
    answer.reject(refusal(0, 'offline'))
    await asking
    expect(pages.household.rowOf('tv', 1)).toEqual(before)
  })
})

describe('the quality of a request', () => {
  it('is the one chosen, from the first moment', async () => {
    const pages = openPages()
    const answer = byHand<RequestAnswer>()
    pages.api.request.mockReturnValue(answer.promise)
    const asking = pages.request(anItem(1), { quality_profile_id: 2 })
    expect(pages.household.rowOf('movie', 1)?.quality_profile_id).toBe(2)
    expect(pages.api.request).toHaveBeenCalledWith({ tmdb_id: 1, media_type: 'movie', quality_profile_id: 2 })
    answer.resolve(stored(aRow(1, { quality_profile_id: 2 })))
    await asking
  })

  it('stays when more seasons are added, and those named stay named beside all', async () => {
    const before = aRow(1, { media_type: 'tv', seasons: [0, 1], future_seasons: false, quality_profile_id: 2 })
    const pages = openPages([before])
    pages.api.request.mockReturnValue(byHand<RequestAnswer>().promise)
    void pages.request(anItem(1, { media_type: 'tv' }), { seasons: 'all' })
    expect(pages.household.rowOf('tv', 1)).toMatchObject({
      quality_profile_id: 2,
      seasons: 'all',
      also_seasons: [0, 1],
    })
    const whole = openPages([aRow(2, { media_type: 'tv', seasons: 'all', also_seasons: [0] })])
    whole.api.request.mockReturnValue(byHand<RequestAnswer>().promise)
    void whole.request(anItem(2, { media_type: 'tv' }), { seasons: [5] })
    expect(whole.household.rowOf('tv', 2)?.also_seasons).toEqual([0, 5])
  })
})

describe('withdrawing', () => {
  it('takes the row away at once and brings it back as it was', async () => {
    const row = aRow(1, { media_type: 'tv', seasons: [2], future_seasons: false })
    const pages = openPages([row])
    await pages.withdraw(row)
    expect(pages.household.rowOf('tv', 1)).toBeUndefined()
    expect(pages.texts()).toEqual(['toast.withdrawn Title 1'])
    pages.api.request.mockResolvedValue(stored(row))
    pages.press()
    await settled()
    expect(pages.api.request).toHaveBeenCalledWith({
      tmdb_id: 1,
      media_type: 'tv',
      quality_profile_id: 1,
      seasons: [2],
      future_seasons: false,
    })
    expect(pages.household.rowOf('tv', 1)).toEqual(row)
    expect(pages.texts().at(-1)).toBe('toast.isBack Title 1')
  })

  it('brings back the quality and the seasons that were named beside all', async () => {
    const row = aRow(1, { media_type: 'tv', seasons: 'all', also_seasons: [0], quality_profile_id: 2 })
    const pages = openPages([row])
    await pages.withdraw(row)
    pages.api.request.mockResolvedValueOnce(stored({ ...row, also_seasons: [] })).mockResolvedValueOnce(stored(row))
    pages.press()
    await settled()
    expect(pages.api.request.mock.calls.map(([body]) => body)).toEqual([
      { tmdb_id: 1, media_type: 'tv', quality_profile_id: 2, seasons: 'all', future_seasons: false },
      { tmdb_id: 1, media_type: 'tv', seasons: [0] },
    ])
    expect(pages.household.rowOf('tv', 1)).toEqual(row)
  })

  it('says that what has arrived stays in the feeds', async () => {
    const row = aRow(1, { status: 'available' })
    const pages = openPages([row])
    pages.api.withdraw.mockResolvedValue({ success: true, message: '', still_listed: true })
    await pages.withdraw(row)
    expect(pages.texts()).toEqual(['toast.hidden Title 1'])
  })

  it.each([
    [refusal(409, 'last_row'), false],
    [refusal(0, 'offline'), true],
  ])('puts the row back when it fails: %#', async (error, again) => {
    const pages = openPages([aRow(1)])
    pages.api.withdraw.mockRejectedValue(error)
    pages.api.removeForGood.mockRejectedValue(error)
    await pages.withdraw(aRow(1))
    expect(pages.household.rowOf('movie', 1)).toEqual(aRow(1))
    expect(pages.texts()).toEqual([`toast.notWithdrawn Title 1 error.${error.code}`])
    expect(pages.toasts.list[0]?.action !== undefined).toBe(again)
    await pages.removeForGood(aRow(1))
    expect(pages.household.rowOf('movie', 1)).toEqual(aRow(1))
  })

  it('for good has no undo', async () => {
    const pages = openPages([aRow(1)])
    await pages.removeForGood(aRow(1))
    expect(pages.household.rowOf('movie', 1)).toBeUndefined()
    expect(pages.toasts.list).toEqual([expect.objectContaining({ text: 'toast.removed Title 1' })])
    expect(pages.toasts.list[0]?.action).toBeUndefined()
  })
})

describe('messages', () => {
  it('go by themselves unless somebody points at them or something went wrong', () => {
    vi.useFakeTimers()
    const toasts = createToasts()
    const good = toasts.show({ tone: 'good', text: 'good' })
    toasts.show({ tone: 'bad', text: 'bad' })
    toasts.hold(good)
    vi.advanceTimersByTime(60_000)
    expect(toasts.list).toHaveLength(2)
    toasts.release(good)
    vi.advanceTimersByTime(60_000)
    expect(toasts.list.map((toast) => toast.text)).toEqual(['bad'])
    for (const text of ['a', 'b', 'c']) toasts.show({ tone: 'good', text })
    expect(toasts.list.map((toast) => toast.text)).toEqual(['a', 'b', 'c'])
    vi.useRealTimers()
  })
})
