import { type ActivityEntry, MAX_ACTIVITY } from '../index.ts'
import type { ContractTest, TestFunctions } from './storage-contract.ts'

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

/** The messages received last, and push messages that wait. */
export function describeActivity(test: ContractTest, equal: TestFunctions['equal']): void {
  test('gives the messages received last, newest first, field by field', async ({ activity }, clock) => {
    equal(await activity.recent(10), [])
    const now = clock.now()
    const full = entry(now, { name: 'b', reason: 'none', rule: 'tvdb_id', key: { mediaType: 'tv', tmdbId: 1396 } })
    const all = [entry(now - 3 * 24 * 3_600_000), entry(now - 1), entry(now), full]
    await Promise.all(all.map((one) => activity.record(one)))
    equal(await activity.recent(10), [full, entry(now), entry(now - 1), entry(now - 3 * 24 * 3_600_000)])
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

  test('keeps push messages until they are taken, the longest due first', async ({ outbox }) => {
    const message = (endpoint: string, dueAt: number) => ({ endpoint, body: `{"t":"${endpoint}"}`, dueAt })
    const [b, a, later] = await outbox.add([message('b', 20), message('a', 10), message('c', 99)])
    if (!a || !b || !later) throw new Error('not added')
    equal(new Set([a.id, b.id, later.id]).size, 3)
    equal(await outbox.due(50, 10), [a, b])
    equal(await outbox.due(50, 1), [a])
    const claims = await Promise.all(Array.from({ length: 10 }, () => outbox.claim(a, 70)))
    equal(claims.filter(Boolean).length, 1)
    equal(await outbox.claim(a, 80), false)
    equal(await outbox.due(50, 10), [b])
    equal(await outbox.due(100, 10), [b, { ...a, tries: 1, dueAt: 70 }, later])
    equal([await outbox.remove(b.id), await outbox.remove(b.id)], [true, false])
    equal(await outbox.claim(b, 90), false)
    equal(
      (await outbox.due(100, 10)).map((one) => one.id),
      [a.id, later.id],
    )
    equal(await outbox.add([]), [])
  })
}
