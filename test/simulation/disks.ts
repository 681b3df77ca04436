import type { CatalogTitle } from '../../packages/core/src/index.ts'
import { type Agenda, HOUR, MINUTE } from './agenda.ts'
import type { Instance } from './instances.ts'
import type { SimulatedServer } from './server.ts'
import type { FilteredViews } from './views.ts'
import type { Wish } from './wishes.ts'

/** What is given to what befalls the clients. */
export interface Surroundings {
  server: SimulatedServer
  clock: { now(): number }
  agenda: Agenda
  random(): number
  wishes: ReadonlyMap<CatalogTitle, Wish>
  instances: readonly Instance[]
  views: FilteredViews
  /** Takes down what went wrong. */
  wrong: string[]
}

const DROPPED_SHARE = 1 / 3

/** Disks that drop out and come back. */
export function disks(options: Surroundings) {
  const { server, clock, agenda, random, wishes, instances, views, wrong } = options

  const statusOf = async (title: CatalogTitle) => (await server.storage().requests.findMany([title]))[0]?.status

  /** Every client that has it has its files. */
  function isWhole({ title, left }: Wish): boolean {
    const holders = instances.filter((one) => one.holds(title))
    return left === undefined && holders.length > 0 && holders.every((one) => one.filesOf(title))
  }

  return {
    /**
     * A disk with a third of everything drops out: within minutes every client misses the files, and finds them again so
     * much later (ms). Answers how many titles are on it.
     */
    async drop(outFor: number): Promise<number> {
      const before = new Map<Wish, string | undefined>()
      for (const wish of wishes.values()) {
        if (isWhole(wish) && random() < DROPPED_SHARE) before.set(wish, await statusOf(wish.title))
      }
      for (const [n, { title }] of [...before.keys()].entries()) {
        agenda.at(clock.now() + (n * 5 * MINUTE) / before.size, async () => {
          for (const one of instances) await one.loseFiles(title)
        })
      }
      const check = async (expected: (status: string | undefined, wish: Wish) => string | undefined) => {
        await views.look()
        for (const [wish, status] of before) {
          const now = await statusOf(wish.title)
          const right = expected(status, wish)
          if (wish.left === undefined && !wish.deleted && right !== undefined && now !== right) {
            wrong.push(`${wish.title.title} is ${now} after a disk, expected ${right}`)
          }
        }
      }
      agenda.at(clock.now() + 6 * MINUTE, () => views.look())
      // In three hours there is a sync of the whole library. Of a series in two Sonarrs nobody says what the other has.
      agenda.at(clock.now() + 3 * HOUR, () =>
        check((_, { title }) => (title.mediaType === 'movie' ? 'picked_up' : undefined)),
      )
      agenda.at(clock.now() + outFor, async () => {
        for (const { title } of before.keys()) for (const one of instances) one.findFiles(title)
      })
      agenda.at(clock.now() + outFor + 3 * HOUR, () =>
        check((status) => (status === 'available' ? 'available' : undefined)),
      )
      return before.size
    },
  }
}
