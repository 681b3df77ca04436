import { type SettingsStore, sha256Hex } from '../base/index.ts'
import type { RoutedRequests } from './ports.ts'
import {
  changeFeedSettings,
  type FeedSettings,
  type FeedSettingsRefusal,
  markImport,
  tagLabel,
  untagged,
  type WantedFeedSettings,
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

    /** Takes the mark of an import off: its end, or the admin's word that what is here is to be the store. */
    endImport: () => update((settings) => (settings.importing === undefined ? settings : markImport(settings))),

    /** The settings with what the admin needs to know beside them: how many requests carry each profile. */
    async viewFeedSettings(): Promise<{ settings: FeedSettings; carried: Map<number, number> }> {
      const [{ settings }, requests] = await Promise.all([load(), deps.requests.list()])
      const carried = new Map<number, number>()
      for (const { qualityProfileId } of requests)
        carried.set(qualityProfileId, (carried.get(qualityProfileId) ?? 0) + 1)
      return {
        settings: await tagRequesters(
          settings,
          requests.flatMap(({ askers }) => askers),
        ),
        carried,
      }
    },

    /** Changes the settings as the admin wants them, all or nothing. */
    async changeFeedSettings(wanted: WantedFeedSettings): Promise<FeedSettingsRefusal | undefined> {
      const used = new Set((await deps.requests.list()).map((request) => request.qualityProfileId))
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

export type FeedSettingsUseCases = ReturnType<typeof feedSettingsUseCases>
