import { LONGEST_PAUSE_MS, MAX_WAITING, type PushSubscription } from '../index.ts'
import { aDevice } from './builders.ts'
import type { ContractTest, TestFunctions } from './contract-test.ts'
import { ODD_NAMES } from './odd-names.ts'

/** Push: whose devices there are, and the messages that wait for them. */
export function describeTelling(test: ContractTest, equal: TestFunctions['equal']): void {
  test('keeps many devices of one person, oldest first, one row an endpoint', async ({ pushSubscriptions }) => {
    const device = (name: string, user: string, createdAt: number) => aDevice({ endpoint: name, user, createdAt })
    await pushSubscriptions.save(device('b', 'Zoë', 2))
    await pushSubscriptions.save(device('a', 'Zoë', 1))
    await pushSubscriptions.save(device('c', 'Bob', 1))
    await pushSubscriptions.save(device('b', 'Zoë', 3))
    equal(await pushSubscriptions.listFor('Zoë'), [device('a', 'Zoë', 1), device('b', 'Zoë', 3)])
    equal(await pushSubscriptions.remove('a'), true)
    equal(await pushSubscriptions.remove('a'), false)
    equal((await pushSubscriptions.listFor('nobody')).length, 0)
    equal(await pushSubscriptions.find('b'), device('b', 'Zoë', 3))
    equal(await pushSubscriptions.find('a'), undefined)
    equal((await pushSubscriptions.exportAll()).rows, [device('b', 'Zoë', 3), device('c', 'Bob', 1)])
  })

  test('a device that is saved again is what was said last, in every field', async ({ pushSubscriptions }) => {
    await pushSubscriptions.save(aDevice())
    const next: PushSubscription = {
      endpoint: aDevice().endpoint,
      user: 'Bob',
      keys: { p256dh: 'other', auth: 'other' },
      language: 'en',
      createdAt: aDevice().createdAt + 1,
    }
    await pushSubscriptions.save(next)
    equal(await pushSubscriptions.find(next.endpoint), next)
    equal(await pushSubscriptions.listFor('Bob'), [next])
    equal(await pushSubscriptions.listFor(aDevice().user), [])
    equal((await pushSubscriptions.exportAll()).rows, [next])
  })

  test('tells people and devices of any name apart', async ({ pushSubscriptions }) => {
    const devices = ODD_NAMES.map((name, at) => aDevice({ endpoint: name, user: name, createdAt: at }))
    for (const device of devices) await pushSubscriptions.save(device)
    for (const device of devices) {
      equal(await pushSubscriptions.listFor(device.user), [device])
      equal(await pushSubscriptions.find(device.endpoint), device)
    }
    const { rows } = await pushSubscriptions.exportAll()
    equal(
      rows.sort((a, b) => a.createdAt - b.createdAt),
      devices,
    )
    for (const { endpoint } of devices) equal(await pushSubscriptions.remove(endpoint), true)
    equal((await pushSubscriptions.exportAll()).rows, [])
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

  test('keeps so many messages of a device that wait, and of all devices: the oldest make room', async ({
    outbox,
  }, clock, reopen) => {
    const message = (endpoint: string, n: number) => ({ endpoint, body: `${n}`, dueAt: n })
    const other = await reopen()
    for (let n = 0; n < MAX_WAITING + 9; n += 1) {
      await (n % 2 === 0 ? outbox : other.outbox).add([message('a', n)])
      clock.advance(1)
    }
    const [, b] = await outbox.add([message('a', 999), message('b', 1_000)])
    const due = await outbox.due(2_000, 100)
    const last = Array.from({ length: MAX_WAITING - 1 }, (_, n) => n + 10)
    equal(
      due.map(({ body }) => Number(body)),
      [...last, 999, 1_000],
    )
    equal(await other.outbox.due(2_000, 100), due)
    equal(b && (await outbox.remove(b.id)), true)
  })

  test('a message that a clock which was ahead has put off is due, and the next ones still find room', async ({
    outbox,
  }, clock) => {
    const begin = clock.now()
    clock.advance(3 * LONGEST_PAUSE_MS)
    const ahead = await outbox.add(
      Array.from({ length: MAX_WAITING }, () => ({ endpoint: 'a', body: '', dueAt: clock.now() })),
    )
    clock.advance(begin - clock.now())
    const [next] = await outbox.add([{ endpoint: 'a', body: 'next', dueAt: begin }])
    const due = await outbox.due(begin, 100)
    equal([due.length, due[0]], [MAX_WAITING, next])
    equal(ahead.length, MAX_WAITING)
    equal(
      (await outbox.due(begin + 2 * LONGEST_PAUSE_MS, 100)).map(({ body }) => body),
      ['next'],
    )
  })

  test('gives no two push messages one id, whatever was removed', async ({ outbox }, clock, reopen) => {
    const ids: string[] = []
    for (const store of [{ outbox }, { outbox }, await reopen()]) {
      const [added] = await store.outbox.add([{ endpoint: 'e', body: '{}', dueAt: 1 }])
      ids.push(added?.id ?? '')
      await store.outbox.remove(added?.id ?? '')
      clock.advance(1)
    }
    equal(new Set(ids).size, 3)
  })
}
