import type { MediaRequestStatus } from '../../packages/core/src/index.ts'
import type { Episode, Series } from './series.ts'

const PICKED_UP = 'It was picked up and will be fetched.'
const HERE = 'It is here.'
const upToDate = (names: string) => `${names} is up to date: every episode so far is here.`
const ALL_UP_TO_DATE = 'It is up to date: every episode so far is here.'

/** Ways from the request to the library. */
const TAKEN: readonly MediaRequestStatus[] = ['pending', 'picked_up', 'downloading']
const AT_ONCE: readonly MediaRequestStatus[] = [...TAKEN, 'available']
const BY_PARTS: readonly MediaRequestStatus[] = [...TAKEN, 'partly_available', 'available']
const AGAIN: readonly MediaRequestStatus[] = ['partly_available', 'available']

/** An episode comes at most six days late. */
const LATEST = 5.9
const LONG_AGO = -900

/**
 * The series that households ask for, each with what makes it difficult.
 * @param random how late each episode comes, and when in the first hours somebody asks
 */
export function castOf(random: () => number): Series[] {
  let count = 0

  /** A season whose episodes air every seventh day, or all on the first day. */
  function season(number: number, episodes: number, from: number, everyDays: 0 | 7 = 7): Episode[] {
    return Array.from({ length: episodes }, (_, n) => {
      const place = { season: number, number: n + 1 }
      return { tmdb: place, tvdb: place, day: from + n * everyDays, late: 0.05 + random() * (LATEST - 0.05) }
    })
  }
  const ended = (number: number, episodes: number) => season(number, episodes, LONG_AGO + 100 * number, 0)

  /** One season at TMDB, of which TVDB makes two. */
  function split(episodes: readonly Episode[], first: number): Episode[] {
    return episodes.map((one) => {
      const { number } = one.tmdb
      return number > first ? { ...one, tvdb: { season: 2, number: number - first } } : one
    })
  }

  function series(
    name: string,
    episodes: readonly Episode[],
    given: Partial<Series> & { told?: readonly string[]; way: readonly MediaRequestStatus[]; complete?: boolean },
    ask: { day?: number; seasons?: number[] } = {},
  ): Series {
    count += 1
    const id = 90_000 + count
    const { told = [], way, complete: isComplete = false, ...rest } = given
    const { day = 0.05 + random() * 0.3, ...wanted } = ask
    return {
      name,
      tmdbId: 7000 + count,
      episodes,
      asks: [{ by: 'Ann', day, ...wanted }],
      tvdbId: () => id,
      sonarrId: () => id,
      rows: (known, named) => [named ?? known],
      sonarr: count % 2 === 0 ? 3 : 4,
      backlog: 'episode',
      ...rest,
      expected: { way, told: { Ann: [PICKED_UP, ...told] }, complete: isComplete },
    }
  }

  const running = series('A weekly one', season(1, 10, -15), {
    way: BY_PARTS,
    told: [upToDate('Season 1')],
    counted: 'tvdb',
  })

  const picked = series(
    'A weekly second season',
    [...ended(1, 8), ...season(2, 8, -8)],
    { way: BY_PARTS, told: [upToDate('Season 2')] },
    { seasons: [2] },
  )

  const ending = series('One that ends', season(1, 6, -22), {
    way: BY_PARTS,
    told: [upToDate('Season 1'), HERE],
    endedFrom: 16,
    complete: true,
    counted: 'tvdb',
  })
  const followed: Series = {
    ...ending,
    asks: [...ending.asks, { by: 'Cid', day: 7.2 }],
    expected: { ...ending.expected, told: { ...ending.expected.told, Cid: [HERE] } },
  }

  // All that are listed are here again and again.
  const growing = series('One listed as it airs', season(1, 9, -15), {
    way: BY_PARTS,
    told: [upToDate('Season 1')],
    growing: true,
  })

  const announced = { listedFrom: { 2: 9 }, announcedFrom: { 2: 5 } }
  const withAnnounced = () => [...ended(1, 8), ...season(2, 6, 12)]
  const next = series('One that goes on', withAnnounced(), {
    ...announced,
    way: [...BY_PARTS, ...AGAIN],
    told: [HERE, upToDate('Season 2')],
  })
  const firstOnly = series(
    'One that goes on, its first season',
    withAnnounced(),
    { ...announced, way: BY_PARTS, told: [HERE], counted: 'tvdb' },
    { seasons: [1] },
  )
  const secondOnly = series(
    'One that goes on, its second season',
    withAnnounced(),
    { ...announced, way: AT_ONCE, told: [upToDate('Season 2')] },
    { day: 6.4, seasons: [2] },
  )

  const old = { endedFrom: -100, complete: true }
  const whole = series('An old one in one message', [...ended(1, 10), ...ended(2, 10)], {
    ...old,
    backlog: 'all',
    way: AT_ONCE,
    told: [HERE],
  })
  const bySeason = series('An old one season by season', [...ended(1, 60), ...ended(2, 50)], {
    ...old,
    backlog: 'season',
    sonarr: 3,
    way: BY_PARTS,
    // Which of the two comes first is for chance to say.
    told: ['Season ? is here.', HERE],
    counted: 'tvdb',
  })

  const parted = series('A split one', split(ended(1, 24), 12), {
    ...old,
    way: BY_PARTS,
    told: [HERE],
    counted: 'tmdb',
  })
  const partedPicked = series(
    'A split one, a season of it',
    split(ended(1, 24), 12),
    {
      endedFrom: -100,
      way: [...TAKEN, 'partly_available'],
      neverAvailable: true,
      counted: 'tmdb',
    },
    { seasons: [1] },
  )
  const partedRunning = series('A split one that runs', split(season(1, 20, -99), 10), {
    way: BY_PARTS,
    told: [ALL_UP_TO_DATE],
  })
  // Its first season at TVDB looks like TMDB's until an episode of the second comes.
  const partedLate = series('A split one that shows itself late', split(season(1, 20, -10), 3), {
    way: BY_PARTS,
    told: [upToDate('Season 1')],
  })
  const asTvdb = series(
    'A split one with TVDB’s seasons',
    split(ended(1, 24), 12),
    {
      ...old,
      missesTvdbOn: (day) => day % 5 === 3,
      way: BY_PARTS,
      told: [HERE],
      counted: 'tvdb',
    },
    { seasons: [2] },
  )

  /** Two seasons at TMDB, of which TVDB makes one. */
  const joined = () => [
    ...ended(1, 12),
    ...ended(2, 12).map((one) => ({ ...one, tvdb: { season: 1, number: 12 + one.tmdb.number } })),
  ]
  const together = series('A joined one', joined(), { ...old, backlog: 'all', way: AT_ONCE, told: [HERE] })
  const togetherPicked = series(
    'A joined one, a season of it',
    joined(),
    { endedFrom: -100, backlog: 'all', way: [...TAKEN, 'partly_available'], neverAvailable: true },
    { seasons: [1] },
  )

  // The wrong id is no series at TVDB: nothing comes before it is put right.
  const early = series('One whose id is put right early', [...season(1, 8, -15)], {
    tvdbId: (day) => (day < 10 ? 91_001 : 91_002),
    sonarrId: () => 91_002,
    way: BY_PARTS,
    told: [upToDate('Season 1')],
  })
  const late = series('One whose id is put right late', season(1, 8, -15), {
    tvdbId: (day) => (day < 10 ? 92_001 : 92_002),
    sonarrId: (day) => (day < 14 ? 92_001 : 92_002),
    leadingIds: [92_001],
    rows: (told, named) => (told === 92_002 && named !== 92_002 ? [92_002, 92_001] : [told]),
    way: BY_PARTS,
    told: [upToDate('Season 1')],
  })
  // TVDB answers the id of the catalogue with a series of another one.
  const renamed = series('One that Sonarr calls otherwise', season(1, 8, -15), {
    tvdbId: () => 93_001,
    sonarrId: () => 93_002,
    leadingIds: [93_001],
    sonarr: 4,
    way: BY_PARTS,
    told: [upToDate('Season 1')],
    counted: 'tvdb',
  })

  /** Another entry of TMDB for the same series at TVDB, which Bob asks for. */
  const twinOf = (one: Series, given: Partial<Series>, ask: Partial<Series['asks'][number]>): Series => {
    count += 1
    const told = { Bob: [PICKED_UP] }
    const second: Series = { ...one, name: `${one.name}, again`, tmdbId: 7000 + count, ...given }
    const [first] = one.asks
    return {
      ...second,
      asks: [{ day: first?.day ?? 0, ...ask, by: 'Bob' }],
      expected: { ...second.expected, told, ...given.expected },
    }
  }
  const shared = series(
    'One with two entries',
    [...ended(1, 8), ...season(2, 6, 12)],
    { way: BY_PARTS, told: [HERE] },
    { seasons: [1] },
  )
  const sharedAgain = twinOf(
    shared,
    { expected: { way: TAKEN, told: { Bob: [PICKED_UP] }, complete: false } },
    { seasons: [2], cancelsOn: 6 },
  )
  const sharedWhole = series('An old one with two entries', ended(1, 10), {
    ...old,
    way: BY_PARTS,
    told: [HERE],
    counted: 'tvdb',
  })
  const sharedWholeAgain = twinOf(
    sharedWhole,
    { expected: { way: BY_PARTS, told: { Bob: [PICKED_UP, HERE] }, complete: true } },
    { cancelsOn: 20 },
  )

  const missing = series('One that TMDB deletes', season(1, 8, -15), {
    missingFrom: 8,
    way: BY_PARTS,
    told: [upToDate('Season 1')],
    counted: 'tvdb',
  })
  const specials = series('Nothing but specials', season(0, 4, -300), { ...old, way: BY_PARTS, told: [HERE] })
  const unlisted = series(
    'One without a season at first',
    season(1, 8, 8),
    { listedFrom: { 1: 6 }, way: AT_ONCE, told: [upToDate('Season 1')], counted: 'tvdb' },
    { day: 1.3 },
  )

  // The episode of day 6 comes on day 15.5.
  const slow = series('One that comes late', lateOn(season(1, 8, -15), 6, 9.5), {
    way: [...BY_PARTS, ...AGAIN],
    told: [upToDate('Season 1')],
    counted: 'tvdb',
  })
  const losing = series('One that loses an episode', season(1, 8, -15), {
    lost: { from: 10, to: 11.3 },
    way: [...BY_PARTS, ...AGAIN],
    told: [upToDate('Season 1')],
  })

  return [
    ...[running, picked, followed, growing, next, firstOnly, secondOnly, whole, bySeason],
    ...[parted, partedPicked, partedRunning, partedLate, asTvdb, together, togetherPicked],
    ...[early, late, renamed],
    ...[shared, sharedAgain, sharedWhole, sharedWholeAgain, missing, specials, unlisted, slow, losing],
  ]
}

const lateOn = (episodes: readonly Episode[], day: number, late: number): Episode[] =>
  episodes.map((one) => (one.day === day ? { ...one, late } : one))
