import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countEpisodes } from '../src/tvdb-episodes.ts'

const TODAY = '2024-05-10'

function listOf(...records: unknown[]) {
  const count = countEpisodes(TODAY)
  for (const record of records) count.add(record)
  return count.list()
}

const episode = (seasonNumber: number, number: number, aired: string | null = null) => ({ seasonNumber, number, aired })

describe('counting the episodes of TVDB', () => {
  it('lists seasons from the lowest, each with its first day', () => {
    expect(
      listOf(
        episode(2004, 1, '2004-03-02'),
        episode(2003, 2, '2003-02-08'),
        episode(0, 1),
        episode(2003, 1, '2003-02-01'),
      )?.seasons,
    ).toEqual([
      { seasonNumber: 0, episodeCount: 1 },
      { seasonNumber: 2003, episodeCount: 2, airDate: '2003-02-01' },
      { seasonNumber: 2004, episodeCount: 1, airDate: '2004-03-02' },
    ])
  })

  it('finds the last that aired and the next, in any order, specials aside', () => {
    const records = [
      episode(1, 1, '2024-04-01'),
      episode(1, 2, '2024-05-09'),
      episode(1, 3, '2024-05-09'),
      episode(2, 1, TODAY),
      episode(2, 2, TODAY),
      episode(2, 3, '2024-05-20'),
      episode(3, 1),
      episode(0, 1, '2024-05-09'),
      episode(0, 2, TODAY),
    ]
    const run = {
      last: { seasonNumber: 1, episodeNumber: 3, airDate: '2024-05-09' },
      next: { seasonNumber: 2, episodeNumber: 1, airDate: TODAY },
    }
    expect(listOf(...records)).toMatchObject(run)
    expect(listOf(...records.reverse())).toMatchObject(run)
  })

  it('names neither where no day is known', () => {
    expect(listOf(episode(1, 1), { ...episode(1, 2), aired: '' }, { ...episode(1, 3), aired: 'soon' })).toEqual({
      seasons: [{ seasonNumber: 1, episodeCount: 3 }],
    })
  })

  it('leaves odd episodes out, and is nothing without any', () => {
    const odd = [null, 7, 'S01E01', [], {}, episode(-1, 1), episode(1, 0.5), { seasonNumber: '1', number: 1 }]
    expect(listOf(...odd)).toBeUndefined()
    expect(listOf(...odd, episode(99_999_999, 1), episode(100_000_000, 1))?.seasons).toEqual([
      { seasonNumber: 99_999_999, episodeCount: 1 },
    ])
  })

  it('takes anything at all', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (records) => {
        for (const season of listOf(...records)?.seasons ?? []) expect(season.episodeCount).toBeGreaterThan(0)
      }),
    )
  })
})
