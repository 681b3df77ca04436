import { addressText, FEEDS, type FeedReader, type Refusal, readerName } from '../../clients/rules/index.ts'
import type { ActivityEntry } from '../../library/index.ts'
import { MEDIA_EVENT_SOURCES, type MediaEventSource } from '../../requests/rules/index.ts'
import { type Check, seen } from './check.ts'

const NAMES: Record<MediaEventSource, string> = {
  plex: 'Plex',
  jellyfin: 'Jellyfin',
  emby: 'Emby',
  sonarr: 'Sonarr',
  radarr: 'Radarr',
}
const CLIENTS = ['radarr', 'sonarr'] as const
type Client = (typeof CLIENTS)[number]

/** What is known of the programs around: who read, who was refused, who sent messages; each the newest first. */
export interface ProgramFacts {
  readers: readonly (FeedReader & { silent: boolean })[]
  refusals: readonly Refusal[]
  activity: readonly ActivityEntry[]
}

/** What helps who was refused. */
function helpFor({ kind, address }: Refusal, name: string): string {
  switch (kind) {
    case 'wrong_key':
      return `${name} at ${address} used a wrong API key. Copy the key again.`
    case 'wrong_token':
      return `${name} at ${address} used a wrong token. Copy the webhook’s address again.`
    case 'wrong_app':
      return `A program at ${address} used the address that another one is meant to have. Copy each address into its own program.`
    case 'wrong_base':
      return `${name} at ${address} asked for an address that is no list. Copy the list’s address again.`
    case 'too_large':
      return `${name} at ${address} sent more than is taken at once. Set it up again as the app shows.`
    case 'not_marked':
      return 'Some titles of the library could not be marked as available. The next sync tries again; if it keeps happening, the log names them.'
    case 'bad_body':
    case 'unsupported':
    case 'invalid':
      return `${name} at ${address} sent what cannot be read. Set it up again as the app shows.`
  }
}

const refusedFacts = ({ address, app, count, place }: Refusal) => ({ address, app, count, place })

/** A program that was refused since it was last seen to work, if it ever was. */
function refusedCheck(base: Pick<Check, 'id' | 'group'>, refusal: Refusal, name: string, lastGoodAt?: number): Check {
  return {
    ...base,
    state: 'problem',
    ...seen(lastGoodAt, refusal.lastAt),
    code: refusal.kind,
    facts: refusedFacts(refusal),
    nextStep: helpFor(refusal, name),
  }
}

const isLater = (bad: { lastAt: number } | undefined, good: number | undefined) =>
  bad !== undefined && bad.lastAt > (good ?? Number.NEGATIVE_INFINITY)

/** The lists of a Radarr or Sonarr: each that reads one, and a look that was refused after them all. */
function readerChecks(client: Client, { readers, refusals }: ProgramFacts): Check[] {
  const name = NAMES[client]
  const own = readers.filter(({ app, feed }) => (app === 'other' ? FEEDS[feed].client === client : app === name))
  const lastGoodAt = own[0]?.lastReadAt
  const refused = refusals.find(({ app, place }) => app === name && place.includes('list'))
  const base = { id: `${client}-list`, group: 'apps' } as const
  const checks = own.map((reader): Check => {
    const { app, version, lastReadAt, rows, silent, oldKey, keyId } = reader
    const facts = { app, list: addressText(reader), rows, key: keyId, ...(version !== undefined && { version }) }
    const same = { ...base, id: `${base.id} ${readerName(reader)}`, ...seen(lastReadAt, undefined), facts }
    if (silent) {
      const nextStep = `${app} used to read ${addressText(reader)} and has stopped. Test the list in ${name}, or forget this reader.`
      return { ...same, state: 'problem', code: 'reader_silent', nextStep }
    }
    if (!oldKey) return { ...same, state: 'works' }
    const nextStep = `${app} still uses the older of two keys. Copy the key again before the older one ends.`
    return { ...same, state: 'works', code: 'old_key', nextStep }
  })
  if (refused && isLater(refused, lastGoodAt)) checks.unshift(refusedCheck(base, refused, name, lastGoodAt))
  if (checks.length > 0) return checks
  const nextStep = `No ${name} reads a list yet. Add the list in ${name}, under Settings, Import Lists.`
  return [{ ...base, state: 'not_set_up', code: 'nobody_reads', facts: { app: name }, nextStep }]
}

/** Messages that a sender's address took, but that were none of it or could not be read. */
const isBad = ({ outcome }: ActivityEntry) => outcome === 'stray' || outcome === 'invalid'

function senderCheck(source: MediaEventSource, { refusals, activity }: ProgramFacts): Check {
  const name = NAMES[source]
  const isClient = source === 'radarr' || source === 'sonarr'
  const base = { id: `${source}-messages`, group: isClient ? 'apps' : 'media_servers' } as const
  const own = activity.filter((entry) => entry.source === source)
  const good = own.find((entry) => !isBad(entry))
  const bad = own.find(isBad)
  const refused = refusals.find(({ place }) => place === `webhook/${source}`)
  if (refused && isLater(refused, Math.max(good?.at ?? 0, (bad?.at ?? 0) - 1))) {
    return refusedCheck(base, refused, name, good?.at)
  }
  const times = seen(good?.at, Math.max(bad?.at ?? 0, refused?.lastAt ?? 0) || undefined)
  if (bad && bad.at > (good?.at ?? 0)) {
    const code = bad.outcome === 'stray' ? 'wrong_app' : 'invalid'
    const facts = { app: name, name: bad.name, ...(bad.reason !== undefined && { reason: bad.reason }) }
    const nextStep = `The last message at ${name}’s address could not be used. Set it up again as the app shows.`
    return { ...base, state: 'problem', ...times, code, facts, nextStep }
  }
  if (good) return { ...base, state: 'works', ...times, facts: { app: name, name: good.name } }
  const nextStep = `${name} has sent no message yet. Add the webhook in ${name} to see what becomes of requests.`
  return { ...base, state: 'not_set_up', ...times, code: 'never_heard', facts: { app: name }, nextStep }
}

/** What is only said of the library agent where it was refused: of one that works nothing is noted. */
function agentChecks({ refusals }: ProgramFacts): Check[] {
  const refused = refusals.find(({ place }) => place === 'sync')
  if (!refused) return []
  const check = refusedCheck({ id: 'library-sync', group: 'media_servers' }, refused, 'The library agent')
  // The library was taken all the same.
  return [refused.kind === 'not_marked' ? { ...check, state: 'works' } : check]
}

/** Radarr and Sonarr, their lists and messages, and the media servers. */
export function programChecks(facts: ProgramFacts): Check[] {
  const servers = MEDIA_EVENT_SOURCES.filter((source) => source !== 'radarr' && source !== 'sonarr')
  return [
    ...CLIENTS.flatMap((client) => [...readerChecks(client, facts), senderCheck(client, facts)]),
    ...servers.map((source) => senderCheck(source, facts)),
    ...agentChecks(facts),
  ]
}
