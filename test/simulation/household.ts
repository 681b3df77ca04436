import type { CatalogTitle, Session } from '../../packages/core/src/index.ts'
import { type Agenda, DAY, HOUR, MINUTE } from './agenda.ts'
import { wronglyShown } from './feeds.ts'
import type { Instance } from './instances.ts'
import type { SimulatedServer } from './server.ts'
import { SECOND_PROFILE } from './views.ts'
import { mayBeOut, type Wish } from './wishes.ts'

export const PEOPLE = ['Ann', 'Bob', 'Cid', 'Dee']
const SECOND_PROFILE_SHARE = 0.3
const FOLLOWED_SHARE = 0.3
const WITHDRAWN_SHARE = 0.2
const HIDDEN_SHARE = 0.08
const DELETED_SHARE = 0.06

/**
 * People who ask for every title of the catalogue at random times, follow others' requests, take some back before or after
 * they arrive, ask again under other names, and delete some that did arrive in one client after the other.
 */
export function household(options: {
  server: SimulatedServer
  clock: { now(): number }
  agenda: Agenda
  random(): number
  titles: readonly CatalogTitle[]
  wishes: Map<CatalogTitle, Wish>
  instances: readonly Instance[]
  /** Titles that a list showed or hid wrongly in the read right after a change. */
  wrong: string[]
  /** Epoch ms: nobody asks for anything later. */
  until: number
  /** Looks at the filtered lists. */
  look(): Promise<void>
  /** So many are being deleted just now that one more could not be told apart. */
  isBusy(): boolean
}) {
  const { server, clock, agenda, random, wishes, instances, wrong, look } = options

  const somebody = (role: Session['role'] = 'household'): Session => ({
    name: PEOPLE[Math.floor(random() * PEOPLE.length)] ?? 'Ann',
    role,
  })
  /** Nobody gets through to a server that is down, or gives a wrong store anything to keep. */
  const isReachable = () => server.state.trouble === 'none' || server.state.trouble === 'failing reads'

  /** Does it now, or some minutes after the trouble. */
  async function whenReachable(work: () => Promise<void>): Promise<void> {
    if (isReachable()) await work()
    else later(HOUR + random() * 30 * MINUTE, work)
  }

  const later = (wait: number, work: () => Promise<void>) => agenda.at(clock.now() + wait, () => whenReachable(work))

  function seasonsWanted(title: CatalogTitle): number[] | undefined {
    if (title.mediaType === 'movie' || random() < 0.5) return undefined
    return [1 + Math.floor(random() * (title.seasons.length - 1))]
  }

  async function ask(title: CatalogTitle): Promise<void> {
    const seasons = seasonsWanted(title)
    const qualityProfileId = random() < SECOND_PROFILE_SHARE ? SECOND_PROFILE : undefined
    const outcome = await server.useCases().requestTitle({ key: title, by: somebody(), seasons, qualityProfileId })
    if (outcome.kind !== 'added') throw new Error(`${title.title}: ${outcome.kind}`)
    const wish: Wish = { title, askedAt: clock.now(), everLeft: false, arrived: false }
    wishes.set(title, seasons ? { ...wish, seasons } : wish)
    wrong.push(...(await wronglyShown(server, title, true)))
    if (random() < WITHDRAWN_SHARE) later(random() * 12 * HOUR, () => withdraw(title))
    else if (random() < HIDDEN_SHARE) later((2 + random() * 3) * DAY, () => withdraw(title))
    if (random() < FOLLOWED_SHARE) later(random() * 3 * DAY, () => follow(title))
  }

  async function follow(title: CatalogTitle): Promise<void> {
    const by = somebody()
    if (!(await server.useCases().followRequest(title, by, true))) return
    await look()
    if (random() < 0.6) {
      later(random() * 3 * DAY, async () => {
        await server.useCases().followRequest(title, by, false)
        await look()
      })
    }
  }

  async function withdraw(title: CatalogTitle): Promise<void> {
    const wish = wishes.get(title)
    const outcome = await server.useCases().withdrawRequest(title, somebody('admin'))
    if (!wish || outcome.kind !== 'withdrawn') return
    if (!outcome.stillListed && wish.left === undefined) Object.assign(wish, { left: 'withdrawn', everLeft: true })
    wrong.push(...(await wronglyShown(server, title, outcome.stillListed)))
    await look()
    // Some want it after all, the next day.
    if (outcome.stillListed || random() < 0.3) later(DAY, () => askAgain(title))
  }

  async function askAgain(title: CatalogTitle): Promise<void> {
    const wish = wishes.get(title)
    const qualityProfileId = random() < SECOND_PROFILE_SHARE ? SECOND_PROFILE : undefined
    await server.useCases().requestTitle({ key: title, by: somebody(), seasons: wish?.seasons, qualityProfileId })
    for (const one of instances) one.allow(title)
    delete wish?.left
    delete wish?.deleted
    wrong.push(...(await wronglyShown(server, title, true)))
    await look()
  }

  /** A person deletes a title in one client after the other: its row leaves with the last of them. */
  async function remove(title: CatalogTitle): Promise<void> {
    const wish = wishes.get(title)
    if (!wish || wish.left !== undefined) return
    if (options.isBusy()) return later(2 * HOUR, () => remove(title))
    await instances.find((one) => one.holds(title))?.remove(title, { excludes: true })
    wish.deleted = true
    const isOut = mayBeOut(wish, instances)
    if (isOut) Object.assign(wish, { left: 'gone', everLeft: true })
    wrong.push(...(await wronglyShown(server, title, !isOut)))
    await look()
    if (!isOut) later(random() * 3 * HOUR, () => remove(title))
    else if (random() < 0.3) later(DAY, () => askAgain(title))
  }

  const start = clock.now()
  for (const title of options.titles) {
    agenda.at(start + random() * (options.until - start), () => whenReachable(() => ask(title)))
  }
  return {
    isReachable,
    /** The media server has a title that it did not have. */
    appeared(title: CatalogTitle): void {
      const wish = wishes.get(title)
      if (!wish || wish.arrived) return
      wish.arrived = true
      if (random() < DELETED_SHARE) later((5 + random() * 48) * HOUR, () => remove(title))
    },
  }
}
