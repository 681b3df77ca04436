import { STRANGE_STORE_WORDS } from '@stellarr/core'
import { toReader } from '../feed-help.ts'
import { proxyNotTrusted } from '../proxy-watch.ts'
import { route } from '../route.ts'
import { type NoticesAnswer, noticesAnswer } from '../wire/index.ts'
import { backupNotices } from './backup.ts'
import { deletionNotice } from './deletions.ts'

/** Titles that the catalogue lacks are told of one by one, so many of them at once. */
const MOST_MISSING = 100

/** What the admin should know, and the word that opens the lists of another store. */
export const adminRoutes = [
  route({
    method: 'get',
    path: '/api/admin/notices',
    summary: 'What the admin should know or do.',
    access: 'admin',
    answer: noticesAnswer,
    errors: [401, 403, 503],
    async handle(_call, { useCases, options, proxies }) {
      const answer: NoticesAnswer = { notices: [] }
      // Read once: the page asks again and again.
      const requests = await useCases.everyRequest()
      const [emptied, readers, settings, deletions] = await Promise.all([
        useCases.emptiedFeeds(requests),
        useCases.feedReaders(),
        useCases.feedSettings(),
        useCases.deletionQuestions(requests),
      ])
      const closed = await useCases.closedBecause(settings)
      if (closed) {
        const detail = `${STRANGE_STORE_WORDS[closed]} The lists are closed until you confirm it.`
        answer.notices.push({ code: closed, detail })
      }
      if (settings.importing !== undefined) {
        // Lists that it has not come to yet are empty for its time: no word of those.
        const detail =
          'An import into this store has begun and not ended. The lists are closed until it ends, or until you confirm the store as it is.'
        answer.notices.push({ code: 'import_running', detail })
      } else if (emptied.length > 0) {
        const detail = `Lists that had titles are empty although nobody removed the last one (${emptied.join(', ')}). They are closed until you confirm it.`
        answer.notices.push({ code: 'feed_emptied', detail })
      }
      answer.notices.push(...deletions.map(deletionNotice))
      for (const reader of readers.filter(({ silent }) => silent)) {
        const since = new Date(reader.lastReadAt).toISOString()
        const detail = `${reader.app} used to read ${reader.feed} and has not since ${since}.`
        answer.notices.push({ code: 'reader_silent', detail, reader: toReader(reader, settings, undefined) })
      }
      // What is here needs nobody to find it.
      const missing = requests.filter(
        ({ unlistedAt, withdrawnAt, status }) =>
          unlistedAt !== undefined && withdrawnAt === undefined && status !== 'available',
      )
      for (const request of missing.slice(0, MOST_MISSING)) {
        const { mediaType: media_type, tmdbId: tmdb_id, title, year } = request
        const detail = `TMDB no longer has ${title} (${media_type} ${tmdb_id}), so nobody will find it. Look for another entry of it, request that and cancel this one.`
        answer.notices.push({
          code: 'title_not_in_catalog',
          detail,
          title: { media_type, tmdb_id, title, year: year ?? null },
        })
      }
      answer.notices.push(...backupNotices(options.backups?.lastNightly()))
      const addresses = proxies.addresses()
      if (addresses.length > 0) {
        answer.notices.push({ code: 'proxy_not_trusted', detail: proxyNotTrusted(addresses), addresses })
      }
      return answer
    },
  }),
  route({
    method: 'post',
    path: '/api/admin/confirm-store',
    summary: 'Opens the lists of a store that is new, another or older.',
    access: 'admin',
    errors: [401, 403, 503],
    async handle(_call, { useCases }) {
      await useCases.confirmStore()
      return { success: true, message: 'This store is confirmed: the lists are open.' }
    },
  }),
]
