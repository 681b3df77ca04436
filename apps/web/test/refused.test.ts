import type { RefusedRow } from '@stellarr/http/wire'
import { expect, it } from 'vitest'
import english from '../src/locales/en.json' with { type: 'json' }
import { refusedWords } from '../src/logic/refused.ts'

type Texts = { [key: string]: string | Texts }

/** The English text below "refused" with its values put in. */
function say(part: string, key: string, values: Record<string, string>): string {
  const texts: Texts = english.activity.refused
  const found = (texts[part] as Texts)[key]
  return String(found).replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '')
}

const row = (kind: RefusedRow['kind'], place: RefusedRow['place'], app = 'Radarr'): RefusedRow => ({
  kind,
  place,
  app,
  address: '192.168.1.20',
  count: 1,
  first_at: '2026-11-30T12:00:00Z',
  last_at: '2026-11-30T12:00:00Z',
})

it.each<[RefusedRow, string, string, string]>([
  [
    row('wrong_key', 'radarr-list'),
    'A Radarr at 192.168.1.20 used a wrong API key 2 minutes ago.',
    'Copy the API key again.',
    'feeds#radarr',
  ],
  [
    row('wrong_key', 'list', 'other'),
    'A program at 192.168.1.20 used a wrong API key 2 minutes ago.',
    'Copy the API key again.',
    'feeds',
  ],
  [
    row('wrong_app', 'sonarr-list'),
    'A Radarr at 192.168.1.20 asked for the list for Sonarr 2 minutes ago.',
    'Give it the address of its own list.',
    'feeds#radarr',
  ],
  [
    row('wrong_base', 'list', 'Sonarr'),
    'A Sonarr at 192.168.1.20 asked for a list at a wrong address 2 minutes ago.',
    'Copy the whole address again: part of it is missing or mistyped.',
    'feeds#sonarr',
  ],
  [
    row('wrong_token', 'webhook/sonarr', 'Sonarr'),
    'A Sonarr at 192.168.1.20 used a wrong token at the webhook address for Sonarr 2 minutes ago.',
    'Copy the webhook address again.',
    'webhooks#sonarr',
  ],
  [
    row('not_marked', 'sync', 'library-agent'),
    'A library agent at 192.168.1.20 sent a library 2 minutes ago, and some titles in it could not be marked as available.',
    'Nothing to do: the next sync tries again. If it keeps happening, the log names the titles.',
    'webhooks',
  ],
  [
    row('wrong_app', 'webhook/sonarr'),
    'A Radarr at 192.168.1.20 sent a message to the webhook address for Sonarr 2 minutes ago.',
    'Give it the webhook address under its own name.',
    'webhooks#radarr',
  ],
  [
    row('bad_body', 'webhook/jellyfin', 'Jellyfin'),
    'A Jellyfin at 192.168.1.20 sent an unreadable message 2 minutes ago.',
    'Copy the template again.',
    'webhooks#jellyfin',
  ],
  [
    row('too_large', 'webhook/plex', 'Plex'),
    'A Plex at 192.168.1.20 sent an oversized message 2 minutes ago.',
    'Check that only Plex sends to this address.',
    'webhooks#plex',
  ],
  [
    row('unsupported', 'webhook/emby', 'Emby'),
    'An Emby at 192.168.1.20 sent a message in an unknown format 2 minutes ago.',
    'Check that only Emby sends to this address.',
    'webhooks#emby',
  ],
  [
    row('invalid', 'webhook/radarr'),
    'A Radarr at 192.168.1.20 sent a message unlike Radarr’s 2 minutes ago.',
    'Check that only Radarr sends to this address.',
    'webhooks#radarr',
  ],
  [
    row('wrong_key', 'sync', 'library-agent'),
    'A library agent at 192.168.1.20 used a wrong SYNC_TOKEN 2 minutes ago.',
    'Give it Stellarr’s SYNC_TOKEN again.',
    'webhooks',
  ],
  [
    row('invalid', 'sync', 'other'),
    'A program at 192.168.1.20 sent an unreadable library 2 minutes ago.',
    'Download the library agent again, or check what else sends the library.',
    'webhooks',
  ],
])('says who was refused, why, what helps and where: %j', (refused, sentence, help, page) => {
  const { who, what, remedy, target, to } = refusedWords(refused)
  const name = say('who', who, { app: refused.app, address: refused.address })
  const words = say('what', what, { who: name, target, when: '2 minutes ago' })
  expect([words, say('remedy', remedy, { target })]).toEqual([sentence, help])
  expect(to.name + to.hash).toBe(page)
})
