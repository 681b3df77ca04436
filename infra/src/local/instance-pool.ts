import type { Instance } from './instance.ts'

/** Instances at once; each answers one event at a time, as on AWS. */
const MAX_INSTANCES = 3

/** Hands events to free instances, starting more while all are busy. */
export function instancePool(start: () => Instance) {
  const all: Instance[] = []
  const free: Instance[] = []
  const waiting: ((instance: Instance) => void)[] = []

  function take(): Instance | Promise<Instance> {
    const idle = free.pop()
    if (idle) return idle
    if (all.length >= MAX_INSTANCES) return new Promise((resolve) => waiting.push(resolve))
    const made = start()
    all.push(made)
    return made
  }

  return {
    async invoke(event: unknown) {
      const instance = await take()
      try {
        return await instance.invoke(event)
      } finally {
        const next = waiting.shift()
        if (next) next(instance)
        else free.push(instance)
      }
    },
    output: () => all.map((instance) => instance.output()).join(''),
    stop: () => Promise.all(all.map((instance) => instance.stop())),
  }
}
