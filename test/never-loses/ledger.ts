import type { MediaType } from '../../packages/core/src/index.ts'

export type Client = 'Radarr' | 'Radarr4K' | 'Sonarr' | 'Sonarr4K'
export const CLIENTS: readonly Client[] = ['Radarr', 'Radarr4K', 'Sonarr', 'Sonarr4K']
export const typeOf = (client: Client): MediaType => (client.startsWith('Radarr') ? 'movie' : 'tv')

/** A title as its test knows it. */
export interface Known {
  mediaType: MediaType
  tmdbId: number
  /** By which its client names it: TMDB's of a movie, TVDB's of a series. */
  clientId: number
}

const HOUR_MS = 3_600_000

/** What a title went through, told by what was done and not by what the app made of it. */
interface Story {
  title: Known
  /** Somebody has asked for it at some time. */
  asked: boolean
  /** Clients that spoke of it, and whether each has given it up since. */
  spoke: Map<Client, boolean>
  /** It came at least once since it was requested last. */
  came: boolean
  /** It may be off the lists, and whether by the admin's own word. */
  released?: 'given up' | 'canceled' | 'by the admin'
}

/**
 * The rule, held by a second hand: a title may leave what clients read when all that spoke of it have given it up, when it
 * was canceled before it came, and when the admin said so; by retention while that is set. All else stays.
 */
export function ledger(titles: readonly Known[]) {
  let deletions: { client: Client; clientId: number; at: number }[] = []
  const stories = new Map<string, Story>()
  const keyOf = ({ mediaType, tmdbId }: Pick<Known, 'mediaType' | 'tmdbId'>) => `${mediaType}/${tmdbId}`
  for (const title of titles) stories.set(keyOf(title), { title, asked: false, spoke: new Map(), came: false })
  const all = () => [...stories.values()]
  /** The entries that stand for what a client names so. */
  const entriesOf = (type: MediaType, clientId: number) =>
    all().filter(({ title }) => title.mediaType === type && title.clientId === clientId)

  return {
    story: (title: Known): Story => {
      const story = stories.get(keyOf(title))
      if (!story) throw new Error('no such title')
      return story
    },
    requested(title: Known, kind: 'added' | 'renewed' | 'exists' | 'merged', wasGone: boolean): void {
      const story = stories.get(keyOf(title))
      if (!story) return
      delete story.released
      story.asked = true
      if (kind === 'added' || wasGone) {
        story.came = false
        story.spoke.clear()
      }
    },
    /** A client names a title: what it says is of every entry of its id. */
    named(client: Client, clientId: number, came: boolean): void {
      for (const story of entriesOf(typeOf(client), clientId)) {
        story.spoke.set(client, false)
        story.came ||= came
        if (story.released === 'given up') delete story.released
      }
    },
    /**
     * A client deletes what is listed.
     * @param rows of its list as it was last read; undefined where it narrows the list itself, which nobody else can know
     */
    gaveUp(client: Client, clientId: number, at: number, rows: number | undefined): void {
      deletions = [
        ...deletions.filter((one) => one.at > at - HOUR_MS && one.clientId !== clientId),
        { client, clientId, at },
      ]
      for (const story of entriesOf(typeOf(client), clientId)) {
        story.spoke.set(client, true)
        if ([...story.spoke.values()].every(Boolean)) story.released ??= 'given up'
      }
      const recent = deletions.filter((one) => one.client === client)
      if (rows === undefined || recent.length < 5 || recent.length * 3 <= rows) return
      // More than a person deletes: all of it stays until the admin says so.
      for (const one of recent) {
        for (const story of entriesOf(typeOf(client), one.clientId)) {
          if (story.released === 'given up') delete story.released
        }
      }
    },
    /** The admin has said what becomes of what was deleted: it is counted anew. */
    answered(type: MediaType): void {
      deletions = deletions.filter((one) => typeOf(one.client) !== type)
    },
    /** True when the row of a client's id may be missing from a view; of a filtered one when one of its entries may. */
    mayBeOff(type: MediaType, clientId: number, isFiltered: boolean): boolean {
      const asked = entriesOf(type, clientId).filter((story) => story.asked)
      const released = asked.map((story) => story.released !== undefined)
      return isFiltered ? released.some(Boolean) : released.every(Boolean)
    },
    release(title: Known, how: NonNullable<Story['released']>): void {
      const story = stories.get(keyOf(title))
      if (story) story.released = how
    },
    entriesOf,
  }
}
