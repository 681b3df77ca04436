import { createUseCases, type Deployment, type UseCases } from '@stellarr/core'

/** Stands in for what a test does not use. */
export const never = (): Promise<never> => Promise.reject(new Error('not for these tests'))
const silent = () => undefined
export const quiet = { debug: silent, info: silent, warn: silent, error: silent }

/** All use cases over a store, without a catalogue and all else that a test of routes can do without. */
export function bareUseCases(given: Pick<Deployment, 'storage' | 'clock'> & Partial<Deployment>): UseCases {
  return createUseCases({
    logger: quiet,
    catalog: { kind: 'tmdb', search: never, details: never, trending: never },
    snapshots: { save: never, load: never },
    witness: { load: async () => undefined, save: async () => undefined },
    newStoreIsExpected: true,
    deriveKey: never,
    trendingBody: () => '',
    signIn: { appSecretKey: 'x'.repeat(16), passwords: { household: 'h', admin: 'o' }, iterations: 100_000 },
    ...given,
  })
}
