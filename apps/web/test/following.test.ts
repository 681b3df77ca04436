import type { RequestAnswer, RequestRow } from '@stellarr/http/wire'
import { describe, expect, it, vi } from 'vitest'
import { followStep } from '../src/logic/following.ts'
import { createFollowing } from '../src/state/following.ts'
import { createHousehold } from '../src/state/household.ts'
import { createToasts } from '../src/state/toasts.ts'
import { stubLocalStorage } from './browser-storage.ts'
import { aRow, byHand, counts, refusal, say } from './rows.ts'

describe('"notify me"', () => {
  it.each<[ReturnType<typeof followStep>, Partial<RequestRow>, string | undefined]>([
    [undefined, {}, 'Ann'],
    [undefined, {}, undefined],
    ['follow', {}, 'Bob'],
    ['follow', { status: 'downloading', followers: ['Eve'] }, 'Bob'],
    ['unfollow', { followers: ['Eve', 'Bob'] }, 'Bob'],
    ['unfollow', { status: 'available', followers: ['Bob'] }, 'Bob'],
    [undefined, { status: 'available' }, 'Bob'],
    [undefined, { status: 'available', future_seasons: false }, 'Bob'],
    ['follow', { status: 'available', future_seasons: true }, 'Bob'],
    ['follow', { status: 'available', progress: counts(7, 7, 10) }, 'Bob'],
    [undefined, { status: 'available', progress: counts(10, 10, 10) }, 'Bob'],
    [undefined, { status: 'gone' }, 'Bob'],
  ])('is %s for %j and %s', (step, row, me) => {
    expect(followStep(aRow(1, row), me)).toBe(step)
  })

  function openPages(row: RequestRow) {
    stubLocalStorage()
    const api = {
      follow: vi.fn<(type: string, id: number, follows: boolean) => Promise<RequestAnswer>>(),
      libraryStatus: async () => undefined,
    }
    const household = createHousehold({ api })
    household.settle(row.media_type, row.tmdb_id, row)
    const toasts = createToasts()
    return {
      api,
      toasts,
      ...createFollowing({ api, household, toasts, t: say, me: () => 'Bob' }),
      followers: () => household.rowOf(row.media_type, row.tmdb_id)?.followers,
      texts: () => toasts.list.map(({ text }) => text),
    }
  }
  const answer = (followers: string[]): RequestAnswer => ({
    success: true,
    message: '',
    request: aRow(1, { followers }),
  })

  it('is shown at once, on and off again', async () => {
    const pages = openPages(aRow(1, { followers: ['Eve'] }))
    const sending = byHand<RequestAnswer>()
    pages.api.follow.mockReturnValueOnce(sending.promise)
    const following = pages.follow(aRow(1, { followers: ['Eve'] }), true)
    expect(pages.followers()).toEqual(['Eve', 'Bob'])
    sending.resolve(answer(['Eve', 'Bob']))
    await following
    pages.api.follow.mockResolvedValueOnce(answer(['Eve']))
    await pages.follow(aRow(1, { followers: ['Eve', 'Bob'] }), false)
    expect(pages.followers()).toEqual(['Eve'])
    expect(pages.api.follow.mock.calls).toEqual([
      ['movie', 1, true],
      ['movie', 1, false],
    ])
    expect(pages.texts()).toEqual(['toast.follows Title 1', 'toast.followsNot Title 1'])
  })

  it('is put back when the server says no, with another try where that may help', async () => {
    const pages = openPages(aRow(1))
    pages.api.follow.mockRejectedValueOnce(refusal(0, 'offline'))
    await pages.follow(aRow(1), true)
    expect(pages.followers()).toEqual([])
    expect(pages.texts()).toEqual(['toast.notChanged Title 1 error.offline'])
    pages.api.follow.mockResolvedValueOnce(answer(['Bob']))
    pages.toasts.list[0]?.action?.run()
    await vi.waitFor(() => expect(pages.texts()).toContain('toast.follows Title 1'))
    pages.api.follow.mockRejectedValueOnce(refusal(404, 'not_found'))
    await pages.follow(aRow(1, { followers: ['Bob'] }), false)
    expect(pages.followers()).toEqual(['Bob'])
    expect(pages.toasts.list.at(-1)?.action).toBeUndefined()
  })

  it('is what was wished last, whatever answer comes last', async () => {
    const pages = openPages(aRow(1))
    const [first, second] = [byHand<RequestAnswer>(), byHand<RequestAnswer>()]
    pages.api.follow.mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise)
    const both = [pages.follow(aRow(1), true), pages.follow(aRow(1, { followers: ['Bob'] }), false)]
    second.resolve(answer([]))
    first.resolve(answer(['Bob']))
    await Promise.all(both)
    expect(pages.followers()).toEqual([])
    expect(pages.texts()).toEqual(['toast.followsNot Title 1'])
  })
})
