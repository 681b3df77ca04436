import { type SeenTime, type SettingsStore, sha256Hex } from '../base/index.ts'
import type { MediaType } from '../titles/index.ts'
import type { RoutedRequest, RoutedRequests, RowCounts } from './ports.ts'
import {
  changeFeedSettings,
  type FeedSettings,
  type FeedSettingsRefusal,
  folderIdOf,
  tagLabel,
  untagged,
  type WantedFeedSettings,
  withoutMarks,
} from './rules/feed-settings.ts'
import { FEED_SETTINGS, parseFeedSettings } from './stored-feed-settings.ts'

/** How feeds are routed: profiles, requesters' tags, retention, and which addresses a client has read. One stored text. */
export function feedSettingsUseCases(deps: { requests: RoutedRequests; settings: SettingsStore }) {
  async function load(): Promise<{ settings: FeedSettings; stored: string }> {
    const stored = await deps.settings.get(FEED_SETTINGS)
    return { settings: parseFeedSettings(stored), stored: stored ?? '' }
  }

  /** Changes what is stored; of many at once each builds on the one before. */
  async function update(change: (settings: FeedSettings) => FeedSettings): Promise<FeedSettings> {
    const stored = await deps.settings.update(FEED_SETTINGS, (value) => {
      const before = parseFeedSettings(value)
      const after = change(before)
      return after === before && value !== undefined ? value : JSON.stringify(after)
    })
    return parseFeedSettings(stored)
  }

  /** Gives every name its tag for ever; answers the settings that hold them. Nothing is written when all have one. */
  async function tagRequesters(settings: FeedSettings, names: readonly string[]): Promise<FeedSettings> {
    const missing = untagged(settings, names)
    if (missing.length === 0) return settings
    const hashes = new Map<string, string>()
    for (const name of missing) hashes.set(name, await sha256Hex(name.normalize('NFC')))
    return update((stored) => {
      const tags = [...stored.tags]
      for (const name of untagged(stored, missing)) {
        const hash = hashes.get(name) ?? ''
        const label = tagLabel(name, hash)
        const isTaken = tags.some((tag) => tag.label === label)
        tags.push({ name, label: isTaken ? tagLabel(name, hash.slice(4)) : label })
      }
      return { ...stored, tags }
    })
  }

  /** Gives each request without a root folder of its own that of its profile, before that may become another. */
  async function placeAll(requests: readonly RoutedRequest[]): Promise<void> {
    const { settings } = await load()
    for (const request of requests.filter((one) => one.rootFolderId === undefined)) {
      const id = folderIdOf(settings, request.qualityProfileId, request.mediaType)
      if (id !== undefined) await deps.requests.place(request, id)
    }
  }

  return {
    load,

    tagRequesters,

    /** Notes addresses of which a client has read rows, or takes them out again. */
    markRead: (addresses: readonly string[]) =>
      update((settings) => {
        const fresh = addresses.filter((address) => !settings.read.includes(address))
        return fresh.length === 0 ? settings : { ...settings, read: [...settings.read, ...fresh] }
      }),
    unmarkRead: (addresses: readonly string[]) =>
      update((settings) => ({ ...settings, read: settings.read.filter((address) => !addresses.includes(address)) })),

    /** Marks a store that is older than it was. */
    markOlder: () => update((settings) => ({ ...settings, isOlder: true })),

    /**
     * Takes off what keeps the feeds of a store closed, at the admin's word that what is here is to be the store.
     * @param at epoch ms
     */
    markConfirmed: (at: number) => update((settings) => ({ ...withoutMarks(settings), confirmedAt: at })),

    /** Notes what is seen of the clock, which only retention goes by. */
    noteTime: (look: (before: SeenTime | undefined) => SeenTime) =>
      update((settings) =>
        settings.keepArrivedDays === undefined ? settings : { ...settings, seen: look(settings.seen) },
      ),

    /** The settings with what the admin needs to know beside them. */
    async viewFeedSettings(): Promise<FeedSettingsView> {
      const [{ settings }, requests] = await Promise.all([load(), deps.requests.list()])
      const tagged = requests.flatMap((request) => request.tagged)
      return { settings: await tagRequesters(settings, tagged), requests, taggedRows: rowsOfLists(settings, requests) }
    },

    /** Changes the settings as the admin wants them, all or nothing. */
    async changeFeedSettings(wanted: WantedFeedSettings): Promise<FeedSettingsRefusal | undefined> {
      const requests = await deps.requests.list()
      const used = new Set(requests.map((request) => request.qualityProfileId))
      if (wanted.tagsHidden && !wanted.confirmed) {
        const { settings } = await load()
        const rows = rowsOfLists(settings, requests)
        if (!settings.tagsHidden && rows.movie + rows.tv > 0) return { kind: 'needs_confirmation', rows }
      }
      if (wanted.profiles) await placeAll(requests)
      let refused: FeedSettingsRefusal | undefined
      await update((settings) => {
        const outcome = changeFeedSettings(settings, wanted, used)
        refused = 'refused' in outcome ? outcome.refused : undefined
        return 'refused' in outcome ? settings : outcome.settings
      })
      return refused
    },
  }
}

export interface FeedSettingsView {
  settings: FeedSettings
  /** All of them, withdrawn ones too. */
  requests: readonly RoutedRequest[]
  /** Rows that carry a tag, of the lists that a client has read. */
  taggedRows: RowCounts
}

/** Rows of the program lists that a client has read: one for each series at TVDB. */
function rowsOfLists({ read }: FeedSettings, requests: readonly RoutedRequest[]): RowCounts {
  const count = (type: MediaType, list: string) => {
    if (!read.some((address) => address.startsWith(list))) return 0
    return new Set(requests.flatMap((one) => (one.mediaType === type ? (one.listedAs ?? []) : []))).size
  }
  return { movie: count('movie', 'radarr-program'), tv: count('tv', 'sonarr-program') }
}

export type FeedSettingsUseCases = ReturnType<typeof feedSettingsUseCases>
