import type { ClientRef, ClientWord, MediaRequest, RequestEvent } from '../media-request.ts'

/** True when an id is this client's: by the same token, or by one that is valid no more. */
export function isOfClient(other: string, { id, tokens }: ClientRef): boolean {
  const [name, token = ''] = other.split('.')
  return other === id || (name === id.split('.')[0] && !tokens.includes(token))
}

/** Words of clients that a request keeps, besides the one of all others. */
export const MAX_CLIENT_WORDS = 20
/** Stands for all clients that a request has no room for: what they have is never given up, so its row stays listed. */
const OTHERS = 'others'
/** A word that gave the title up counts among many deletions for so long (`COUNTED_MS` of the clients' rules). */
const COUNTED_MS = 3_600_000

const isOf = ({ client }: ClientWord, ref: ClientRef) => isOfClient(client, ref)

/**
 * What an event says of what its client holds, where it held `before`. Of a series that has lost a file others may be left;
 * where two clients lose the same disk, that neither is known to have it is nearer to the truth.
 */
function wordOf({ status }: Pick<RequestEvent, 'status'>, before: ClientWord['said'] | undefined): ClientWord['said'] {
  if (status === 'gone') return 'gave_up'
  if (status === 'available' || status === 'partly_available') return 'has'
  return before === 'has' && status !== 'lost' ? 'has' : 'took'
}

/** A request with the word of the client that an event comes from; the same where none speaks. */
export function withClientWord(request: MediaRequest, event: RequestEvent): MediaRequest {
  const { client, at } = event
  if (!client) return request
  const { clients = [] } = request
  const before = clients.findLast((word) => isOf(word, client))?.said
  const word: ClientWord = { client: client.id, said: wordOf(event, before), at }
  if (word.said === before && clients.some((one) => one.client === word.client)) return request
  const others = clients.filter((one) => !isOf(one, client))
  return { ...request, clients: bounded(others, word).sort((a, b) => (a.client < b.client ? -1 : 1)) }
}

/**
 * The words with one more. Of too many the oldest that gave the title up makes room. Where there is none, the one more
 * joins the word of all others: no client that holds the title is forgotten, or it could leave a list that this one reads.
 */
function bounded(words: readonly ClientWord[], word: ClientWord): ClientWord[] {
  if (words.filter((one) => one.client !== OTHERS).length < MAX_CLIENT_WORDS) return [...words, word]
  const [oldest] = words
    .filter((one) => one.said === 'gave_up' && one.at <= word.at - COUNTED_MS)
    .sort((a, b) => a.at - b.at)
  if (oldest) return [...words.filter((one) => one !== oldest), word]
  const known = words.find((one) => one.client === OTHERS)
  if (word.said === 'gave_up' || (known && (known.said === 'has' || word.said === 'took'))) return [...words]
  return [...words.filter((one) => one !== known), { ...word, client: OTHERS }]
}

/** True when a client has taken the title on and not given it up. */
export const isHeld = ({ clients = [] }: Pick<MediaRequest, 'clients'>): boolean =>
  clients.some((word) => word.said !== 'gave_up')

/** True when a client other than the one that an event comes from has files of the title. */
export const hasFilesElsewhere = ({ clients = [] }: MediaRequest, { client }: Pick<RequestEvent, 'client'>): boolean =>
  clients.some((word) => word.said === 'has' && !(client && isOf(word, client)))

/** True when a Radarr or Sonarr has ever named the title. */
export const isNamed = ({ clients = [], way, statements }: MediaRequest): boolean =>
  clients.length > 0 ||
  way !== undefined ||
  statements.some((one) => one.source === 'radarr' || one.source === 'sonarr')
