import { breathe, type Clock, isFault, type Revision } from '../base/index.ts'
import {
  addressText,
  type FeedAddress,
  type FeedUseCases,
  type FeedVersion,
  parseAddress,
  type ReaderUseCases,
  type RefusalUseCases,
  type StoreGuard,
} from '../clients/index.ts'
import type { ActivityLog } from '../library/index.ts'
import type { Outbox } from '../telling/index.ts'
import type { DeploymentChecks } from './ports.ts'
import { type AddressFacts, addressChecks, overHttps } from './rules/address.ts'
import { type Check, inGroups } from './rules/check.ts'
import { closedCheck, type ListTried, listChecks } from './rules/lists.ts'
import { programChecks } from './rules/programs.ts'
import { isReadable } from './rules/read-body.ts'
import { titleChecks } from './rules/titles.ts'

/** Messages looked through for when each sender was last heard. */
const LOOKED_THROUGH = 500
/** A push message that waits for so long is not merely late. */
const PUSH_WAIT_MS = 30 * 60_000
/** What is found of being ready holds for so long, however many ask. */
const READY_MS = 5_000

/** Who looks at the files alone. */
const NOBODY: AddressFacts = { baseUrls: [], isSecure: false, isForwarded: false, trustedProxies: 0, untrusted: [] }

/** How everything stands: what is the same on every deployment, with what a deployment adds of its own. */
export function checkUseCases(deps: {
  revision: Revision
  activity: Pick<ActivityLog, 'recent'>
  outbox: Pick<Outbox, 'due'>
  guard: Pick<StoreGuard, 'isNoted'>
  feeds: Pick<FeedUseCases, 'feedVersion' | 'tryFeed'>
  readers: Pick<ReaderUseCases, 'feedReaders'>
  refusals: Pick<RefusalUseCases, 'recentRefusals'>
  clock: Clock
}) {
  /** Lists that were tried at one version: they are read whole, so not again while nothing changes. */
  let tried: { version: string; lists: Map<string, ListTried> } = { version: '', lists: new Map() }

  async function tryList(address: FeedAddress, version: FeedVersion): Promise<ListTried> {
    if (tried.version !== version.text) tried = { version: version.text, lists: new Map() }
    const { lists } = tried
    const known = lists.get(addressText(address))
    if (known) return known
    let outcome: ListTried
    try {
      const body = await deps.feeds.tryFeed(address, version)
      outcome = isReadable(body) ? { rows: body.rows } : { code: 'list_unreadable' }
    } catch (error) {
      outcome = { code: isFault(error) ? error.code : 'list_unreadable' }
    }
    lists.set(addressText(address), outcome)
    await breathe()
    return outcome
  }

  async function lists(): Promise<Check[]> {
    let version: FeedVersion
    try {
      version = await deps.feeds.feedVersion()
    } catch (error) {
      if (!isFault(error)) throw error
      return [closedCheck('lists', error.code)]
    }
    const found: { address: FeedAddress; outcome: ListTried }[] = []
    for (const text of version.settings.read) {
      const address = parseAddress(text)
      if (address) found.push({ address, outcome: await tryList(address, version) })
    }
    return listChecks(found)
  }

  async function programs(): Promise<Check[]> {
    const [readers, refusals, activity] = await Promise.all([
      deps.readers.feedReaders(),
      deps.refusals.recentRefusals(),
      deps.activity.recent(LOOKED_THROUGH),
    ])
    return programChecks({ readers, refusals, activity })
  }

  async function push(subject: string, isHttps: boolean): Promise<Check[]> {
    const base = { id: 'push', group: 'notifications', facts: { subject } } as const
    const [waiting] = await deps.outbox.due(deps.clock.now() - PUSH_WAIT_MS, 1)
    if (waiting) {
      const nextStep = 'Push messages are not taken. Check that this machine reaches the internet, and read the log.'
      return [{ ...base, state: 'problem', code: 'push_not_taken', nextStep }]
    }
    if (isHttps) return [{ ...base, state: 'works' }]
    return [{ ...base, state: 'not_set_up', code: 'needs_https', nextStep: 'Notifications need https.' }]
  }

  async function store(): Promise<Check[]> {
    const base = { id: 'store', group: 'database' } as const
    const revision = await deps.revision.current()
    const read: Check = { ...base, state: 'works', lastGoodAt: deps.clock.now(), facts: { revision } }
    const witness = { id: 'witness', group: 'database', facts: {} } as const
    if (deps.guard.isNoted()) return [read, { ...witness, state: 'works' }]
    const nextStep =
      'How far the store is cannot be noted beside it. Make room on the disk of the data folder, and let Stellarr write there.'
    return [read, { ...witness, state: 'problem', code: 'not_noted', nextStep }]
  }

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
     * Everything, in groups. Never rejects for a store that cannot be read: that is what it then says.
     * @param address how whoever asks has reached the app; absent when the files alone are looked at
     */
    async checks(own: DeploymentChecks, address?: AddressFacts): Promise<Check[]> {
      const isHttps = overHttps(address ?? { ...NOBODY, baseUrls: own.baseUrls })
      const found = await Promise.all([
        orFault('lists', 'lists', lists),
        orFault('programs', 'apps', programs),
        orFault('titles', 'titles', async () => titleChecks(await own.titleKeys())),
        orFault('push', 'notifications', () => push(own.pushSubject, isHttps)),
        orFault('store', 'database', store),
        address ? addressChecks(address) : [],
        own.others(),
      ])
      return inGroups(found.flat())
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

/** What is found, or one check that says why it could not be looked at. */
async function orFault(id: string, group: Check['group'], look: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await look()
  } catch (error) {
    const code = isFault(error) ? error.code : 'internal'
    const nextStep = isFault(error) ? error.message : 'This could not be looked at. The log says why.'
    return [{ id, group, state: 'problem', code, facts: {}, nextStep }]
  }
}
