import type { ActivityEntryRow, WebhooksAnswer } from '@stellarr/http/wire'

/** Those who send messages. */
export type Sender = WebhooksAnswer['senders'][number]['source']

export interface SenderGuide {
  source: Sender
  name: string
  /** The way to the form, as the sender names it. */
  menu: readonly string[]
  /** Where the address goes, as the sender names it. */
  field: string
  /** What to switch on besides, as the sender names it. */
  switches: readonly string[]
  /** Other fields of the form and what they take. */
  values: readonly (readonly [field: string, value: string])[]
  /** The paid pass that it needs. */
  pass?: string
  /** Its button that sends a test at once. */
  test?: string
}

const SERVARR = { menu: ['Settings', 'Connect', '+', 'Webhook'], field: 'Webhook URL', test: 'Test' } as const
const SERVARR_VALUES = [
  ['Name', 'Stellarr'],
  ['Method', 'POST'],
] as const

/**
 * How a person sets each sender up, in the order in which they are worth it. Menus and names are English in the senders
 * themselves, or translated by each in its own way: they are not translated here.
 */
const GUIDES: Readonly<Record<Sender, Omit<SenderGuide, 'source'>>> = {
  sonarr: {
    name: 'Sonarr',
    ...SERVARR,
    switches: ['On Grab', 'On File Import', 'On Series Add', 'On Series Delete', 'On Episode File Delete'],
    values: SERVARR_VALUES,
  },
  radarr: {
    name: 'Radarr',
    ...SERVARR,
    switches: ['On Grab', 'On File Import', 'On Movie Added', 'On Movie Delete', 'On Movie File Delete'],
    values: SERVARR_VALUES,
  },
  jellyfin: {
    name: 'Jellyfin',
    menu: ['Dashboard', 'Plugins', 'Webhook', 'Add Generic Destination'],
    field: 'Webhook Url',
    switches: ['Item Added', 'Movies', 'Episodes', 'Season', 'Series'],
    values: [],
  },
  plex: {
    name: 'Plex',
    menu: ['Settings', 'Webhooks', 'Add Webhook'],
    field: 'URL',
    switches: [],
    values: [],
    pass: 'Plex Pass',
  },
  emby: {
    name: 'Emby',
    menu: ['Settings', 'Notifications', '+ Add Notification', 'Webhooks'],
    field: 'URL',
    switches: ['New Media Added'],
    values: [],
    pass: 'Emby Premiere',
    test: 'Send Test Notification',
  },
}

export const SENDER_GUIDES: readonly SenderGuide[] = (Object.keys(GUIDES) as Sender[]).map((source) => ({
  source,
  ...GUIDES[source],
}))

/** A sender as people call it. */
export function senderName(source: ActivityEntryRow['source']): string {
  return SENDER_GUIDES.find((guide) => guide.source === source)?.name ?? source
}
