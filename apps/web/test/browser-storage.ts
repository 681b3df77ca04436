import { vi } from 'vitest'

/** Gives the test a `localStorage` of its own, with somebody signed in; answers it. @param room characters it takes before it is full */
export function stubLocalStorage(room = Number.POSITIVE_INFINITY): Storage {
  const entries = new Map([['stellarr.session', '{}']])
  const storage = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > room) throw new DOMException('full', 'QuotaExceededError')
      entries.set(key, value)
      Object.defineProperty(storage, key, { value, enumerable: true, configurable: true })
    },
    removeItem(key: string) {
      entries.delete(key)
      Reflect.deleteProperty(storage, key)
    },
  }
  for (const name of ['getItem', 'setItem', 'removeItem']) Object.defineProperty(storage, name, { enumerable: false })
  vi.stubGlobal('localStorage', storage)
  return storage as unknown as Storage
}
