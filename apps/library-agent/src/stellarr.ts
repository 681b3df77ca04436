import { type Collection, type MediaType, PLURAL } from './collection.ts'
import { AgentError, EXIT } from './errors.ts'
import type { Answer, Call } from './http.ts'
import { count } from './output.ts'
import { record, rows, text, whole } from './shapes.ts'

/** Items in one page: what the API takes at most. */
const PAGE_SIZE = 2_000

/** What a sync did. */
export interface SyncResult {
  sent: number
  added: number
  removed: number
  unchanged: number
  /** Titles that Stellarr did not take, and what it said about the first. */
  refused: number
  refusedWhy: string
}

/** Thrown where a sync is not known any more. */
class SyncUnknown extends Error {}

const isUnknownSync = ({ status, body }: Answer) => status === 404 && record(body).code === 'sync_unknown'

/** Makes sure that Stellarr answers and knows the token, before a library is read for minutes. */
export async function checkStellarr(call: Call): Promise<void> {
  // There is no such sync, and only who has the token is told so.
  const answer = await call('/sync/library/none/commit', { method: 'POST', json: { pages: 0 } })
  if (!isUnknownSync(answer)) {
    throw new AgentError(
      EXIT.usage,
      `No Stellarr answers there (status ${answer.status}): check --stellarr (STELLARR_URL).`,
    )
  }
}

/** Sends the whole library of one type; begins once more when Stellarr has forgotten the sync. */
export async function sendLibrary(
  call: Call,
  of: { source: string; type: MediaType; confirm: boolean },
  titles: Collection,
  progress: (text: string) => void,
): Promise<SyncResult> {
  try {
    return await sendOnce(call, of, titles, progress)
  } catch (error) {
    if (!(error instanceof SyncUnknown)) throw error
  }
  // It took more than an hour, or the answer to a commit was lost on the way: then nothing has changed this time.
  try {
    return await sendOnce(call, of, titles, progress)
  } catch (error) {
    if (!(error instanceof SyncUnknown)) throw error
    throw new AgentError(EXIT.failed, `Stellarr forgot the sync of the ${PLURAL[of.type]} twice: try again later.`)
  }
}

async function sendOnce(
  call: Call,
  { source, type, confirm }: { source: string; type: MediaType; confirm: boolean },
  titles: Collection,
  progress: (text: string) => void,
): Promise<SyncResult> {
  const begun = expectDone(
    await call('/sync/library/begin', { method: 'POST', json: { media_type: type, source } }),
    type,
  )
  const id = encodeURIComponent(text(begun.sync_id) ?? '')
  const result: SyncResult = { sent: 0, added: 0, removed: 0, unchanged: 0, refused: 0, refusedWhy: '' }
  let pages = 0
  for (const page of titles.pages(PAGE_SIZE)) {
    const answer = expectDone(await call(`/sync/library/${id}/pages/${pages}`, { method: 'PUT', json: page }), type)
    pages += 1
    const skipped = rows(answer.skipped)
    const [first] = skipped
    if (first) {
      result.refused += skipped.length
      const title = page[whole(first.row) ?? -1]?.title ?? 'a title'
      result.refusedWhy ||= `${title}: ${text(first.field)}, expected ${text(first.expected)}`
    }
    result.sent += page.length - skipped.length
    progress(`Stellarr: ${count(result.sent)} of ${count(titles.size)} ${PLURAL[type]} sent`)
  }
  const done = expectDone(await call(`/sync/library/${id}/commit`, { method: 'POST', json: { pages, confirm } }), type)
  return {
    ...result,
    added: whole(done.added) ?? 0,
    removed: whole(done.removed) ?? 0,
    unchanged: whole(done.unchanged) ?? 0,
  }
}

/** The body of an answer that says yes. */
function expectDone(answer: Answer, type: MediaType) {
  const { status, body } = answer
  if (isUnknownSync(answer)) throw new SyncUnknown()
  const { detail, code } = record(body)
  if (code === 'needs_confirmation') {
    throw new AgentError(
      EXIT.refused,
      `Stellarr refused the ${PLURAL[type]}: “${text(detail)}” If it is right, run this once with --confirm.`,
    )
  }
  if (status === 200) return record(body)
  const said = text(detail)
  throw new AgentError(
    EXIT.failed,
    `Stellarr did not take the ${PLURAL[type]} (status ${status}${said ? `: ${said.slice(0, 300)}` : ''}).`,
  )
}
