import type { UseCases } from '@stellarr/core'
import { Router } from 'express'
import { PROXY_NOT_TRUSTED, type ProxyWatch } from '../access.ts'
import { toReader } from '../feed-help.ts'
import { HttpError } from '../http-error.ts'
import { parseTitleKey, queryFlag } from '../parse.ts'
import type { NoticesAnswer } from '../wire/index.ts'

/** What only the admin may do; behind `requireSession` and `requireAdmin`. */
export function adminRoutes(useCases: UseCases, proxies: ProxyWatch): Router {
  const router = Router()

  router.get('/api/admin/notices', async (_req, res) => {
    const answer: NoticesAnswer = { notices: [] }
    const closed = await useCases.guard.reason()
    const [emptied, readers, settings] = await Promise.all([
      useCases.emptiedFeeds(),
      useCases.feedReaders(),
      useCases.feedSettings(),
    ])
    if (closed)
      answer.notices.push({ code: 'store_closed', detail: `${closed} The feeds are closed until you confirm it.` })
    if (settings.importing !== undefined) {
      // Lists that it has not come to yet are empty for its time: no word of those.
      const detail =
        'An import into this store has begun and not ended. The feeds are closed until it ends, or until you confirm the store as it is.'
      answer.notices.push({ code: 'import_running', detail })
    } else if (emptied.length > 0) {
      const detail = `Lists that had titles are empty although nobody removed the last one (${emptied.join(', ')}). They are closed until you confirm it.`
      answer.notices.push({ code: 'feed_emptied', detail })
    }
    for (const reader of readers.filter(({ silent }) => silent)) {
      const since = new Date(reader.lastReadAt).toISOString()
      const detail = `${reader.app} used to read ${reader.feed} and has not since ${since}.`
      answer.notices.push({ code: 'reader_silent', detail, reader: toReader(reader, settings, undefined) })
    }
    if (proxies.seen()) answer.notices.push({ code: 'proxy_not_trusted', detail: PROXY_NOT_TRUSTED })
    res.json(answer)
  })

  router.delete('/api/admin/request/:type/:id', async (req, res) => {
    const key = parseTitleKey(req)
    if (queryFlag(req, 'confirm') !== true) {
      throw new HttpError(
        409,
        'needs_confirmation',
        'This takes the title out of the feeds for good. A client with Clean Library on may then remove it with its files. Repeat with confirm=true to do it.',
        { field: 'confirm' },
      )
    }
    if (!(await useCases.removeRequest(key))) throw new HttpError(404, 'not_found', 'There is no such request.')
    res.json({ success: true, message: 'Removed.' })
  })

  router.post('/api/admin/confirm-store', async (_req, res) => {
    await useCases.confirmStore()
    res.json({ success: true, message: 'This store is confirmed: the feeds are open.' })
  })

  return router
}
