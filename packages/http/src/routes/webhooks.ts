import {
  MEDIA_EVENT_SOURCES,
  type MediaEventSource,
  type ReadEvent,
  type Received,
  type UseCases,
} from '@stellarr/core'
import type { Request } from 'express'
import { publicBase, webhookToken } from '../access.ts'
import type { AppOptions } from '../app-options.ts'
import { HttpError } from '../http-error.ts'
import { readElsewhere } from '../parse.ts'
import { noteRefused } from '../refused.ts'
import { route } from '../route.ts'
import { senderName } from '../sender-name.ts'
import type { Stray } from '../senders/index.ts'
import { type WebhookAnswer, webhookAnswer, webhooksAnswer } from '../wire/index.ts'

/** Messages looked through for when each sender was last heard. */
const LOOKED_THROUGH = 500

/** Messages of one media server or client, behind a token of its own. */
const webhook = (source: MediaEventSource) =>
  route({
    method: 'post',
    path: `/webhook/${source}`,
    summary: `Messages of ${senderName(source)}.`,
    access: 'webhook token',
    accepts: [source],
    query: { token: readElsewhere },
    answer: webhookAnswer,
    errors: [400, 401, 413, 415, 422, 503],
    async handle({ req }, { useCases, options }) {
      const senders = await loadSenders()
      const sender = senders.SENDERS[source]
      const body = await senders.readWebhookBody(req, sender.limits)
      if (body.kind === 'invalid') {
        const status = { too_large: 413, unsupported: 415, broken: 400 }[body.code]
        const where = body.field === '' ? 'The body' : body.field
        throw new HttpError(status, body.code, `${where}: expected ${body.expected}.`, { field: body.field })
      }
      const stray = senders.strayAt(source, body.value)
      const read: ReadEvent = stray
        ? { kind: 'stray', reason: stray.reason }
        : sender.read(body.value, options.plexServerName)
      const given = { token: webhookToken(req) ?? '', accepted: options.tokens[source] }
      const isClient = source === 'radarr' || source === 'sonarr'
      const client = isClient ? senders.clientOf(source, body.value, given) : undefined
      const received = await useCases.receiveEvent(source, read, senders.nameIn(body.value), client)
      options.metrics?.received(source, received.outcome)
      if (stray) refuseStray(stray, useCases, req)
      if (read.kind === 'invalid') {
        const where = read.field === '' ? 'The message' : read.field
        throw new HttpError(422, 'invalid', `${where}: expected ${read.expected}.`, { field: read.field })
      }
      return toAnswer(received)
    },
  })

/**
 * Another sender's message: the admin is told of it. Its test is a 400, so that whoever presses the button sees it fail;
 * all else is ignored, since errors would make Sonarr and Radarr stop sending (decision 0042).
 */
function refuseStray({ reason, isTest }: Stray, useCases: UseCases, req: Request): void {
  const refused = new HttpError(400, 'wrong_app', reason)
  if (isTest) throw refused
  noteRefused(useCases, req, refused)
}

/** Messages of senders, and how to set senders up. */
export const webhookRoutes = [
  ...MEDIA_EVENT_SOURCES.map(webhook),
  route({
    method: 'get',
    path: '/api/webhooks',
    summary: 'Addresses for senders, and when each was last heard.',
    access: 'session',
    answer: webhooksAnswer,
    errors: [401, 503],
    async handle({ req, session }, { useCases, options }) {
      const isAdmin = session.role === 'admin'
      const entries = await useCases.recentActivity(LOOKED_THROUGH)
      return {
        with_token: isAdmin,
        senders: MEDIA_EVENT_SOURCES.map((source) => {
          const last = entries.find((entry) => entry.source === source && entry.outcome !== 'stray')
          return {
            source,
            url: addressOf(req, options, source, isAdmin),
            last_heard_at: last ? new Date(last.at).toISOString() : null,
            last_name: last ? last.name : null,
          }
        }),
        jellyfin_template: (await loadSenders()).JELLYFIN_TEMPLATE,
        plex_server_name: options.plexServerName ?? null,
      }
    },
  }),
]

/** What reads senders' messages, loaded with the first of them: whoever only reads a feed does without. */
const loadSenders = () => import('../senders/index.ts')

function toAnswer({ outcome, event, match, reason, addedToLibrary, notified }: Received): WebhookAnswer {
  if (outcome === 'test') return { status: 'success', reason: 'The line works.' }
  if (!event) return { status: 'ignored', ...(reason !== undefined && { reason }) }
  return {
    status: 'success',
    ...(reason !== undefined && { reason }),
    title: event.title ?? match?.request?.title ?? '',
    media_type: event.mediaType,
    tmdb_id: match?.key.tmdbId ?? null,
    added_to_library: addedToLibrary,
    matched_request: match?.request !== undefined,
    notification_sent: notified,
  }
}

/** These senders cannot all send a header, so their token goes in the address; the admin alone sees it. */
function addressOf(req: Request, options: AppOptions, source: MediaEventSource, withToken: boolean): string | null {
  const [token] = options.tokens[source] ?? []
  if (token === undefined) return null
  const url = new URL(`/webhook/${source}`, publicBase(req, options.baseUrls))
  if (withToken) url.searchParams.set('token', token)
  return url.href
}
