import { type Clock, isFault, type Logger, type Revision } from '../base/index.ts'
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
import { isReadable } from './read-body.ts'
import { type AddressFacts, addressChecks, overHttps } from './rules/address.ts'
import { type Check, inGroups } from './rules/check.ts'
import { closedCheck, type ListTried, listChecks } from './rules/lists.ts'
import { programChecks } from './rules/programs.ts'
import { titleChecks } from './rules/titles.ts'

/** Messages looked through for when each sender was last heard. */
const LOOKED_THROUGH = 500
/** A push message that waits for so long is not merely late. */
const PUSH_WAIT_MS = 30 * 60_000

/** Who looks at the files alone. */
const NOBODY: AddressFacts = { baseUrls: [], isSecure: false, isForwarded: false, trustedProxies: 0, untrusted: [] }

/** What the checks look at. */
export interface Looked {
  revision: Revision
  activity: Pick<ActivityLog, 'recent'>
  outbox: Pick<Outbox, 'due'>
  guard: Pick<StoreGuard, 'isNoted'>
  feeds: Pick<FeedUseCases, 'feedVersion' | 'tryFeed'>
  readers: Pick<ReaderUseCases, 'feedReaders'>
  refusals: Pick<RefusalUseCases, 'recentRefusals'>
  clock: Clock
  logger: Logger
}

/** How everything stands: what is the same on every deployment, with what a deployment adds of its own. */
export function lookThrough(deps: Looked) {
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
      if (await isReadable(body)) outcome = { rows: body.rows }
      else {
        deps.logger.error('a list does not read as its clients read it', { list: addressText(address) })
        outcome = { code: 'list_unreadable' }
      }
    } catch (error) {
      if (!isFault(error)) deps.logger.error('a list could not be checked', { list: addressText(address) }, error)
      outcome = { code: isFault(error) ? error.code : 'list_unreadable' }
    }
    // What failed may have been but busy.
    if ('rows' in outcome) lists.set(addressText(address), outcome)
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

  return async (own: DeploymentChecks, address?: AddressFacts): Promise<Check[]> => {
    const { logger } = deps
    const isHttps = overHttps(address ?? { ...NOBODY, baseUrls: own.baseUrls })
    const found = await Promise.all([
      orFault('lists', 'lists', lists, logger),
      orFault('programs', 'apps', programs, logger),
      orFault('titles', 'titles', async () => titleChecks(await own.titleKeys()), logger),
      orFault('push', 'notifications', () => push(own.pushSubject, isHttps), logger),
      orFault('store', 'database', store, logger),
      address ? addressChecks(address) : [],
      own.others(),
    ])
    return inGroups(found.flat())
  }
}

/** What is found, or one check that says why it could not be looked at. */
async function orFault(
  id: string,
  group: Check['group'],
  look: () => Promise<Check[]>,
  logger: Logger,
): Promise<Check[]> {
  try {
    return await look()
  } catch (error) {
    if (!isFault(error)) logger.error('a check failed', { check: id }, error)
    const code = isFault(error) ? error.code : 'internal'
    const nextStep = isFault(error) ? error.message : 'This could not be looked at. The log says why.'
    return [{ id, group, state: 'problem', code, facts: {}, nextStep }]
  }
}
