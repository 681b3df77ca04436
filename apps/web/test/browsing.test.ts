import type { SearchAnswer, SearchBody } from '@stellarr/http/wire'
import { beforeEach, describe, expect, it } from 'vitest'
import { createRecentSearches } from '../src/state/recent-searches.ts'
import { createSearch } from '../src/state/search.ts'
import { createTrending } from '../src/state/trending.ts'
import { stubLocalStorage } from './browser-storage.ts'
import { anItem, byHand, refusal } from './rows.ts'

beforeEach(() => {
  stubLocalStorage()
})

const page = (page: number, ids: number[], total_pages = 3): SearchAnswer => ({
  results: ids.map((id) => ({ ...anItem(id), requested: false, in_library: false })),
  page,
  total_pages,
  total_results: 6,
})

function openSearch() {
  const calls: {
    body: SearchBody
    signal: AbortSignal | undefined
    answer: ReturnType<typeof byHand<SearchAnswer>>
  }[] = []
  const search = createSearch({
    api: {
      search(body, signal) {
        const answer = byHand<SearchAnswer>()
        calls.push({ body, signal, answer })
        return answer.promise
      },
    },
  })
  const shown = () => search.state.found?.items.map((item) => item.id)
  return { search, calls, shown }
}

const terms = (query: string, more: Partial<{ type: '' | 'tv'; page: number }> = {}) => ({
  query,
  type: '' as const,
  page: 1,
  ...more,
})

describe('a search', () => {
  it('cancels the one before, whose late answer never wins', async () => {
    const { search, calls, shown } = openSearch()
    const first = search.run(terms('du'))
    const second = search.run(terms('dune'))
    expect(calls[0]?.signal?.aborted).toBe(true)
    calls[1]?.answer.resolve(page(1, [2]))
    calls[0]?.answer.resolve(page(1, [1]))
    await Promise.all([first, second])
    expect(shown()).toEqual([2])
    expect(search.state.loading).toBe(false)
  })

  it('asks nothing for the same terms or none', async () => {
    const { search, calls } = openSearch()
    const run = search.run(terms('a', { type: 'tv' }))
    calls[0]?.answer.resolve(page(1, [1]))
    await run
    await search.run(terms('a', { type: 'tv' }))
    expect(calls.map((call) => call.body)).toEqual([{ query: 'a', media_type: 'tv', page: 1 }])
    await search.run(terms(''))
    expect(search.state.found).toBeUndefined()
    expect(calls).toHaveLength(1)
  })

  it('adds pages below, each title once, to the end', async () => {
    const { search, calls, shown } = openSearch()
    const run = search.run(terms('a'))
    calls[0]?.answer.resolve(page(1, [1, 2], 2))
    await run
    const more = search.more()
    void search.more()
    calls[1]?.answer.resolve(page(2, [2, 3], 2))
    await more
    await search.more()
    expect(shown()).toEqual([1, 2, 3])
    expect(calls.map((call) => call.body.page)).toEqual([1, 2])
  })

  it('says what went wrong, keeps what was found, and recovers', async () => {
    const { search, calls, shown } = openSearch()
    const run = search.run(terms('a'))
    calls[0]?.answer.resolve(page(1, [1]))
    await run
    const failing = search.run(terms('b'))
    calls[1]?.answer.reject(refusal(503, 'catalog_unavailable'))
    await failing
    expect(search.state.error).toMatchObject({ code: 'catalog_unavailable' })
    expect(shown()).toEqual([1])
    const again = search.run(terms('a'))
    calls[2]?.answer.resolve(page(1, [4]))
    await again
    expect([shown(), search.state.error]).toEqual([[4], undefined])
  })
})

describe('the titles of the week', () => {
  const open = (answers: Record<string, number[] | Error>, language = () => 'en') => {
    const asked: string[] = []
    const trending = createTrending({
      language,
      api: {
        async trending(kind) {
          asked.push(kind)
          const answer = answers[kind]
          if (answer === undefined) throw refusal(404, 'not_found')
          if (answer instanceof Error) throw answer
          return { results: answer.map((id) => anItem(id)) }
        },
      },
    })
    const ids = () => Object.values(trending.state.rows).map((row) => row.map((item) => item.id))
    return { trending, asked, ids }
  }

  it('leave out a row that is not there yet, which is no failure', async () => {
    const { trending, ids } = open({ movie: [1] })
    await trending.load()
    expect([ids(), trending.state.error]).toEqual([[[1]], undefined])
  })

  it('are read once a language, and kept for the next start in that language', async () => {
    let language = 'en'
    const { trending, asked } = open({ all: [1], movie: [2], tv: [3] }, () => language)
    await trending.load()
    await trending.load()
    expect(asked).toHaveLength(3)
    language = 'de'
    await trending.load()
    expect(asked).toHaveLength(6)
    const next = open({}, () => 'de')
    next.trending.restore()
    expect(next.ids()).toEqual([[1], [2], [3]])
    const other = open({}, () => 'fr')
    other.trending.restore()
    expect(other.ids()).toEqual([])
  })

  it('stay when they cannot be read', async () => {
    const first = open({ all: [1] })
    await first.trending.load()
    const second = open({ all: refusal(0, 'offline'), movie: refusal(0, 'offline'), tv: refusal(0, 'offline') })
    second.trending.restore()
    await second.trending.load()
    expect([second.ids(), second.trending.state.error]).toMatchObject([[[1]], { code: 'offline' }])
  })
})

describe('recent searches', () => {
  it('come latest first, once each, eight at most, and are kept', () => {
    const recent = createRecentSearches()
    for (const query of ['a', 'b', ' Dune ', 'c', 'd', 'e', 'f', 'g', 'dune', 'h', '  ']) recent.add(query)
    expect(recent.list.value).toEqual(['h', 'dune', 'g', 'f', 'e', 'd', 'c', 'b'])
    recent.remove('g')
    expect(createRecentSearches().list.value).toEqual(['h', 'dune', 'f', 'e', 'd', 'c', 'b'])
    recent.clear()
    expect(createRecentSearches().list.value).toEqual([])
  })
})
