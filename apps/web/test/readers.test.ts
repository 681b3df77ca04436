import type { FeedReadersAnswer, QualityProfilesAnswer } from '@stellarr/http/wire'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createProfiles } from '../src/state/profiles.ts'
import { createReaders } from '../src/state/readers.ts'
import { aReader, byHand, refusal } from './rows.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('those who read the feeds', () => {
  const openPages = () => {
    const feedReaders = vi.fn(async (): Promise<FeedReadersAnswer> => ({ readers: [aReader()] }))
    const forgetReader = vi.fn(async (): Promise<unknown> => ({}))
    return { feedReaders, forgetReader, readers: createReaders({ api: { feedReaders, forgetReader } }) }
  }

  it('are asked for when somebody looks, and not again within 20 seconds', async () => {
    const { feedReaders, readers } = openPages()
    await Promise.all([readers.refresh(), readers.refresh()])
    expect(readers.state.list).toEqual([aReader()])
    vi.advanceTimersByTime(10_000)
    await readers.refresh()
    expect(feedReaders).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(10_000)
    await readers.refresh()
    expect(feedReaders).toHaveBeenCalledTimes(2)
  })

  it('stay when they cannot be had again, and are asked for at the next look', async () => {
    const { feedReaders, readers } = openPages()
    await readers.refresh()
    vi.advanceTimersByTime(20_000)
    feedReaders.mockRejectedValueOnce(refusal(0, 'offline'))
    await readers.refresh()
    expect(readers.state).toMatchObject({ list: [aReader()], error: { code: 'offline' } })
    await readers.refresh()
    expect(readers.state.error).toBeUndefined()
  })

  it('are forgotten one by one, also when somebody was faster', async () => {
    const { forgetReader, readers } = openPages()
    readers.take([aReader({ id: 'a' }), aReader({ id: 'b' }), aReader({ id: 'c' })])
    await readers.forget('a')
    forgetReader.mockRejectedValueOnce(refusal(404, 'not_found')).mockRejectedValueOnce(refusal(0, 'offline'))
    await readers.forget('b')
    await expect(readers.forget('c')).rejects.toMatchObject({ code: 'offline' })
    expect(readers.state.list?.map(({ id }) => id)).toEqual(['c'])
  })

  it('are those of the answer that came last, and none after signing out', async () => {
    const { feedReaders, readers } = openPages()
    const late = byHand<FeedReadersAnswer>()
    feedReaders.mockReturnValueOnce(late.promise)
    const looking = readers.refresh()
    readers.take([aReader({ app: 'Sonarr' })])
    late.resolve({ readers: [] })
    await looking
    expect(readers.state.list).toHaveLength(1)
    readers.clear()
    expect(readers.state.list).toBeUndefined()
    await readers.refresh()
    expect(readers.state.list).toEqual([aReader()])
  })
})

describe('quality profiles', () => {
  const answer = {
    quality_profiles: [
      { id: 1, name: 'HD' },
      { id: 4, name: '4K' },
    ],
    default_quality_profile_id: 4,
  }
  const openPages = () => {
    const qualityProfiles = vi.fn(async (): Promise<QualityProfilesAnswer> => answer)
    return { qualityProfiles, profiles: createProfiles({ api: { qualityProfiles } }) }
  }

  it('are read once, however many pages ask', async () => {
    const { qualityProfiles, profiles } = openPages()
    expect(profiles.several()).toBe(false)
    await Promise.all([profiles.load(), profiles.load()])
    await profiles.load()
    expect(qualityProfiles).toHaveBeenCalledTimes(1)
    expect(profiles.several()).toBe(true)
    expect([profiles.state.standard, profiles.nameOf(4), profiles.nameOf(9)]).toEqual([4, '4K', undefined])
  })

  it('are asked for again after a failure, and by the next person', async () => {
    const { qualityProfiles, profiles } = openPages()
    qualityProfiles.mockRejectedValueOnce(refusal(503, 'storage_unavailable'))
    await profiles.load()
    expect(profiles.state.standard).toBeUndefined()
    await profiles.load()
    expect(profiles.several()).toBe(true)
    profiles.clear()
    expect(profiles.several()).toBe(false)
    await profiles.load()
    expect(qualityProfiles).toHaveBeenCalledTimes(3)
  })

  it('are those that the admin has just saved', async () => {
    const { profiles } = openPages()
    const loading = profiles.load()
    profiles.take({ quality_profiles: [{ id: 1, name: 'Only' }], default_quality_profile_id: 1 })
    await loading
    expect(profiles.state.list).toEqual([{ id: 1, name: 'Only' }])
    expect(profiles.several()).toBe(false)
  })
})
