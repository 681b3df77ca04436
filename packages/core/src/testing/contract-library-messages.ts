import { ACTIVITY_DAYS, type ActivityEntry, activityBegins, MAX_ACTIVITY } from '../index.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'
import { inFifties } from './every-row.ts'
import { ODD_NAMES } from './odd-names.ts'

const DAY_MS = 24 * 3_600_000

const entry = (at: number, given: Partial<ActivityEntry> = {}): ActivityEntry => ({
  id: `${String(at).padStart(15, '0')}-${given.name ?? 'a'}`,
  at,
  source: 'sonarr',
  name: 'Download',
  title: 'Breaking Bad 👩‍👩‍👧',
  detail: 'season 1, episode 2',
  outcome: 'matched',
  ...given,
})

/** What senders tell: the messages received last, and what their names of titles stand for. */
export function describeLibraryMessages(test: ContractTest, equal: TestFunctions['equal']): void {
  test('gives the messages received last, newest first, field by field', async ({ activity }, clock) => {
    equal(await activity.recent(10), [])
    const now = clock.now()
    const full = entry(now, { name: 'b', reason: 'none', rule: 'tvdb_id', key: { mediaType: 'tv', tmdbId: 1396 } })
    const all = [entry(now - 3 * DAY_MS), entry(now - 1), entry(now), full]
    await Promise.all(all.map((one) => activity.record(one)))
    equal(await activity.recent(10), [full, entry(now), entry(now - 1), entry(now - 3 * DAY_MS)])
    equal(await activity.recent(2), [full, entry(now)])
  })

  test('keeps as many messages as it says, also many of one moment', async ({ activity }, clock) => {
    const now = clock.now()
    const names = Array.from({ length: 60 }, (_, n) => String(n).padStart(3, '0'))
    await Promise.all(names.map((name) => activity.record(entry(now, { name }))))
    equal(
      (await activity.recent(MAX_ACTIVITY)).map((one) => one.name),
      [...names].reverse(),
    )
  })

  test('keeps the newest messages alone, as many as it says', async ({ activity }, clock) => {
    const times = Array.from({ length: MAX_ACTIVITY + 5 }, (_, n) => clock.now() - n)
    await inFifties(times, (at) => activity.record(entry(at)))
    const kept = await activity.recent(MAX_ACTIVITY * 2)
    equal(
      kept.map((one) => one.at),
      times.slice(0, MAX_ACTIVITY),
    )
  })

  test('keeps messages of the last days alone, as many as it says', async ({ activity }, clock) => {
    const now = clock.now()
    const begins = activityBegins(now)
    equal(begins <= now - (ACTIVITY_DAYS - 1) * DAY_MS && begins > now - ACTIVITY_DAYS * DAY_MS, true)
    const seen = async () => (await activity.recent(10)).map((one) => one.at)
    for (const at of [now, begins - 1, begins, begins + DAY_MS]) await activity.record(entry(at))
    equal(await seen(), [now, begins + DAY_MS, begins])
    clock.advance(DAY_MS)
    equal(await seen(), [now, begins + DAY_MS])
    clock.advance(ACTIVITY_DAYS * DAY_MS)
    equal(await seen(), [])
  })

  test('remembers what a Plex GUID stood for', async ({ plexGuids }) => {
    equal(await plexGuids.find('plex://show/1'), undefined)
    await plexGuids.save('plex://show/1', { mediaType: 'tv', tmdbId: 5, tvdbId: 6 })
    await plexGuids.save('plex://movie/1', { mediaType: 'movie', tmdbId: 5 })
    equal(await plexGuids.find('plex://show/1'), { mediaType: 'tv', tmdbId: 5, tvdbId: 6 })
    equal(await plexGuids.find('plex://movie/1'), { mediaType: 'movie', tmdbId: 5 })
  })

  test('a Plex GUID stands for what was said last, in every field', async ({ plexGuids }) => {
    await plexGuids.save('a', { mediaType: 'tv', tmdbId: 5, tvdbId: 6 })
    for (const ids of [
      { mediaType: 'movie', tmdbId: 7 },
      { mediaType: 'tv', tmdbId: 8, tvdbId: 9 },
    ] as const) {
      await plexGuids.save('a', ids)
      equal(await plexGuids.find('a'), ids)
      equal((await plexGuids.exportAll()).rows, [{ guid: 'a', ...ids }])
    }
  })

  test('tells Plex GUIDs of any name apart', async ({ plexGuids }) => {
    for (const guid of ODD_NAMES) equal([guid, await plexGuids.find(guid)], [guid, undefined])
    const all = ODD_NAMES.map((guid, n) => ({ guid, mediaType: 'movie' as const, tmdbId: n + 1 }))
    for (const { guid, ...ids } of all) await plexGuids.save(guid, ids)
    for (const { guid, ...ids } of all) equal([guid, await plexGuids.find(guid)], [guid, ids])
    const { rows } = await plexGuids.exportAll()
    equal(
      rows.sort((a, b) => a.tmdbId - b.tmdbId),
      all,
    )
  })
}
