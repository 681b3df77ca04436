import { describe, expect, it } from 'vitest'
import { computed, nextTick, ref } from 'vue'
import { useKeptOrder } from '../src/composables/use-kept-order.ts'
import { inOrder, letIn } from '../src/logic/keep-order.ts'

describe('an order that is kept', () => {
  it('shows things as they are now, without those that have left', () => {
    const things = [
      { name: 'a', now: 1 },
      { name: 'b', now: 2 },
    ]
    expect(inOrder(['b', 'gone', 'a'], things, ({ name }) => name).map(({ now }) => now)).toEqual([2, 1])
  })

  it.each([
    ['before all', ['b', 'a'], ['d', 'c', 'b', 'a'], ['d', 'c', 'b', 'a']],
    ['after all', ['a', 'b'], ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']],
    ['between', ['a', 'd'], ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']],
    ['without those who no longer belong there moving', ['x', 'a', 'y'], ['b', 'a'], ['x', 'b', 'a', 'y']],
    ['into nothing', [], ['a', 'b'], ['a', 'b']],
  ])('lets newcomers in %s', (_, order, wanted, expected) => {
    expect(letIn(order, wanted)).toEqual(expected)
  })
})

describe('a list that somebody reads', () => {
  function openList(first: string[]) {
    const all = ref(first)
    const unfit = ref<string[]>([])
    const fitting = computed(() => all.value.filter((name) => !unfit.value.includes(name)))
    let mayMove = true
    const list = useKeptOrder({ all, fitting, nameOf: (name) => name, mayMove: () => mayMove })
    return {
      ...list,
      async become(names: string[], { no = [], inUse = false }: { no?: string[]; inUse?: boolean } = {}) {
        mayMove = !inUse
        all.value = names
        unfit.value = no
        await nextTick()
      },
    }
  }

  it('lets newcomers in while it is not in use, and has them wait while it is', async () => {
    const list = openList(['a'])
    expect(list.shown.value).toEqual(['a'])
    await list.become(['b', 'a'])
    expect(list.shown.value).toEqual(['b', 'a'])
    await list.become(['d', 'c', 'b', 'a'], { inUse: true })
    expect([list.shown.value, list.newcomers.value]).toEqual([
      ['b', 'a'],
      ['d', 'c'],
    ])
    list.letNewcomersIn()
    expect([list.shown.value, list.newcomers.value]).toEqual([['d', 'c', 'b', 'a'], []])
  })

  it('keeps what no longer fits, and the place of what comes back, until it is arranged anew', async () => {
    const list = openList(['c', 'b', 'a'])
    await list.become(['c', 'b', 'a'], { no: ['b'] })
    expect(list.shown.value).toEqual(['c', 'b', 'a'])
    await list.become(['c', 'a'])
    expect(list.shown.value).toEqual(['c', 'a'])
    await list.become(['b', 'c', 'a'])
    expect(list.shown.value).toEqual(['c', 'b', 'a'])
    await list.become(['b', 'c', 'a'], { no: ['b'] })
    list.arrange()
    expect(list.shown.value).toEqual(['c', 'a'])
  })

  it('is filled at once when it was empty, also while it is in use', async () => {
    const list = openList([])
    await list.become(['b', 'a'], { inUse: true })
    expect(list.shown.value).toEqual(['b', 'a'])
  })
})
