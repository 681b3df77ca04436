import type { CatalogTitle, LibraryItem, MediaType, Session } from '../../packages/core/src/index.ts'
import { type Agenda, HOUR, MINUTE } from './agenda.ts'
import { wronglyShown } from './feeds.ts'
import type { SimulatedServer } from './server.ts'
import { tvdbIdOf } from './titles.ts'

/** What became of a title that somebody asked for. */
export interface Wish {
  title: CatalogTitle
  askedAt: number
  /** Seasons asked for; undefined for all. */
  seasons?: number[]
  /** It is out of the feeds now, and why. */
  left?: 'withdrawn' | 'gone'
  /** It was out of the feeds once: a client may have cleaned it up. */
  everLeft: boolean
  arrived: boolean
}

const PEOPLE = ['Ann', 'Bob', 'Cid', 'Dee']
const WITHDRAWN_SHARE = 0.12
const GONE_SHARE = 0.06

/**
 * People who ask for every title of the catalogue at random times, take some back before they arrive and delete some
 * that did; and the media server's hourly sync.
 * @param options.added when the first client got a title (epoch ms); undefined while none has it
 */
export function household(options: {
  server: SimulatedServer
  clock: { now(): number }
  agenda: Agenda
  random(): number
  titles: readonly CatalogTitle[]
  /** Epoch ms: nobody asks for anything later. */
  until: number
  added(title: CatalogTitle): number | undefined
}) {
  const { server, clock, agenda, random } = options
  const wishes = new Map<CatalogTitle, Wish>()
  /** Titles that a list showed or hid wrongly in the read right after a change. */
  const wrong: string[] = []
  const library = new Map<CatalogTitle, LibraryItem>()
  const arrivesAt = new Map<CatalogTitle, number>()
  let syncs = 0

  const somebody = (role: Session['role'] = 'household'): Session => ({
    name: PEOPLE[Math.floor(random() * PEOPLE.length)] ?? 'Ann',
    role,
  })
  /** Nobody gets through to a server that is down, or gives a wrong store anything to keep. */
  const isReachable = () => server.state.trouble === 'none' || server.state.trouble === 'failing reads'

  /** Does it now, or some minutes after the trouble. */
  async function whenReachable(work: () => Promise<void>): Promise<void> {
    if (isReachable()) await work()
    else agenda.at(clock.now() + HOUR + random() * 30 * MINUTE, () => whenReachable(work))
  }

  function seasonsWanted(title: CatalogTitle): number[] | undefined {
    if (title.mediaType === 'movie' || random() < 0.5) return undefined
    return [1 + Math.floor(random() * (title.seasons.length - 1))]
  }

  async function ask(title: CatalogTitle): Promise<void> {
    const by = somebody()
    const seasons = seasonsWanted(title)
    const outcome = await server.useCases().requestTitle({ key: title, by, seasons })
    if (outcome.kind !== 'added') throw new Error(`${title.title}: ${outcome.kind}`)
    const wish: Wish = { title, askedAt: clock.now(), everLeft: false, arrived: false }
    wishes.set(title, seasons ? { ...wish, seasons } : wish)
    wrong.push(...(await wronglyShown(server, title, true)))
    if (random() < WITHDRAWN_SHARE) {
      agenda.at(clock.now() + random() * 12 * HOUR, () => whenReachable(() => withdraw(title)))
    }
  }

  async function withdraw(title: CatalogTitle): Promise<void> {
    const wish = wishes.get(title)
    const outcome = await server.useCases().withdrawRequest(title, somebody('admin'))
    if (!wish || outcome.kind !== 'withdrawn') return
    if (!outcome.stillListed) Object.assign(wish, { left: 'withdrawn', everLeft: true })
    wrong.push(...(await wronglyShown(server, title, outcome.stillListed)))
    // Some want it after all, the next day.
    if (random() < 0.3) agenda.at(clock.now() + 24 * HOUR, () => whenReachable(() => askAgain(title)))
  }

  async function askAgain(title: CatalogTitle): Promise<void> {
    const wish = wishes.get(title)
    await server.useCases().requestTitle({ key: title, by: somebody() })
    delete wish?.left
    wrong.push(...(await wronglyShown(server, title, true)))
  }

  /** What a client added is in the library some hours later, unless it has been taken back by then. */
  function arrivals(): CatalogTitle[] {
    return [...wishes.values()].flatMap((wish) => {
      const { title } = wish
      const addedAt = options.added(title)
      if (wish.arrived || wish.left || addedAt === undefined) return []
      const at = arrivesAt.get(title) ?? addedAt + (1 + random() * 20) * HOUR
      arrivesAt.set(title, at)
      return at <= clock.now() ? [title] : []
    })
  }

  function bringIn(title: CatalogTitle): void {
    const seasons = title.seasons.map(({ seasonNumber }) => ({ seasonNumber, episodes: 8 }))
    const item: LibraryItem = { mediaType: title.mediaType, tmdbId: title.tmdbId, title: title.title }
    library.set(title, title.mediaType === 'tv' ? { ...item, tvdbId: tvdbIdOf(title.tmdbId), seasons } : item)
    const wish = wishes.get(title)
    if (wish) wish.arrived = true
    if (random() < GONE_SHARE) {
      agenda.at(clock.now() + (5 + random() * 48) * HOUR, async () => void library.delete(title))
    }
  }

  async function sync(): Promise<void> {
    syncs += 1
    const arrived = arrivals()
    for (const title of arrived) bringIn(title)
    // The old form's two kinds: what is new, and the whole library.
    const clear = syncs % 2 === 0
    for (const type of ['movie', 'tv'] satisfies MediaType[]) {
      const items = [...library.values()].filter((item) => item.mediaType === type)
      const news = items.filter((item) => arrived.some((title) => library.get(title) === item))
      const sent = clear ? items : news
      if (sent.length > 0) await server.useCases().syncLibrary(type, sent, { clear, confirm: false })
    }
    if (clear) await noteGone()
  }

  async function noteGone(): Promise<void> {
    const missing = [...wishes.values()].filter((wish) => wish.arrived && !wish.left && !library.has(wish.title))
    for (const wish of missing) {
      const [request] = await server.storage().requests.findMany([wish.title])
      if (request?.status === 'gone') Object.assign(wish, { left: 'gone', everLeft: true })
    }
  }

  const start = clock.now()
  for (const title of options.titles) {
    agenda.at(start + random() * (options.until - start), () => whenReachable(() => ask(title)))
  }
  agenda.every(HOUR, start + 7 * MINUTE, async () => {
    if (isReachable()) await sync()
    if (server.state.trouble !== 'down') await server.useCases().guard.remember()
  })
  return { wishes, wrong, library }
}
