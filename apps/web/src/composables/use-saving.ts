import { ref, shallowRef } from 'vue'

/** Sends one change: whether it is on its way, and why it was refused. Never throws; answers undefined when it failed. */
export function useSaving() {
  const busy = ref(false)
  const failure = shallowRef<unknown>()

  async function save<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    busy.value = true
    failure.value = undefined
    try {
      return await work()
    } catch (error) {
      failure.value = error
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { busy, failure, save }
}
