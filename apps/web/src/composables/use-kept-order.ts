import { computed, type Ref, shallowRef, watch } from 'vue'
import { inOrder, letIn } from '../logic/keep-order.ts'

interface Listed<Thing> {
  /** All there are. */
  all: Readonly<Ref<readonly Thing[]>>
  /** Those that belong in the list, in the order asked for. */
  fitting: Readonly<Ref<readonly Thing[]>>
  nameOf: (thing: Thing) => string
  /** Whether newcomers may come in by themselves: nobody is reading or using what they would move. */
  mayMove: () => boolean
}

/**
 * A list that stays as it is while somebody reads it. What changes is shown where it stands, even if it no longer belongs
 * there; newcomers wait where they would be in the way. `arrange` puts all in order anew.
 */
export function useKeptOrder<Thing>({ all, fitting, nameOf, mayMove }: Listed<Thing>) {
  const order = shallowRef<readonly string[]>([])
  const wanted = computed(() => fitting.value.map(nameOf))
  const shown = computed(() => inOrder(order.value, all.value, nameOf))
  const newcomers = computed(() => {
    const known = new Set(order.value)
    return wanted.value.filter((name) => !known.has(name))
  })

  function arrange(): void {
    order.value = wanted.value
  }
  function letNewcomersIn(): void {
    order.value = letIn(order.value, wanted.value)
  }
  /** Lets those in that follow at the end. */
  function append(things: readonly Thing[]): void {
    const known = new Set(order.value)
    order.value = [...order.value, ...things.map(nameOf).filter((name) => !known.has(name))]
  }
  watch(
    newcomers,
    (names) => {
      if (shown.value.length === 0) arrange()
      else if (names.length > 0 && mayMove()) letNewcomersIn()
    },
    { immediate: true },
  )

  return { shown, newcomers, arrange, letNewcomersIn, append }
}
