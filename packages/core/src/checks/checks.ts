import { isFault } from '../base/index.ts'
import type { Looked } from './look-through.ts'
import type { DeploymentChecks } from './ports.ts'
import type { AddressFacts } from './rules/address.ts'
import type { Check } from './rules/check.ts'

/** What is found of being ready holds for so long, however many ask. */
const READY_MS = 5_000

/** How everything stands, and whether the store is ready. */
export function checkUseCases(deps: Looked) {
  let looking: Promise<(own: DeploymentChecks, address?: AddressFacts) => Promise<Check[]>> | undefined

  let ready: { at: number; answer: Promise<{ feeds: 'open' | 'closed' }> } | undefined

  async function lookReady(): Promise<{ feeds: 'open' | 'closed' }> {
    await deps.revision.current()
    try {
      await deps.feeds.feedVersion()
      return { feeds: 'open' }
    } catch (error) {
      if (!isFault(error) || error.code === 'storage_unavailable') throw error
      return { feeds: 'closed' }
    }
  }

  return {
    /**
     * Everything, in groups. Never rejects for a store that cannot be read: that is what it then says. What looks is loaded
     * when an admin asks: no other call needs it.
     * @param address how whoever asks has reached the app; absent when the files alone are looked at
     */
    async checks(own: DeploymentChecks, address?: AddressFacts): Promise<Check[]> {
      looking ??= import('./look-through.ts').then(({ lookThrough }) => lookThrough(deps))
      return (await looking)(own, address)
    },

    /**
     * Whether the store can be read, and whether its lists are open; kept for five seconds. Throws the store's fault where
     * it cannot be.
     */
    ready(): Promise<{ feeds: 'open' | 'closed' }> {
      const now = deps.clock.now()
      // A clock that went back must not keep what was found.
      if (!ready || Math.abs(now - ready.at) >= READY_MS) ready = { at: now, answer: lookReady() }
      return ready.answer
    },
  }
}
