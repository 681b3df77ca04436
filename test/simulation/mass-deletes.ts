import type { MediaType, TitleKey } from '../../packages/core/src/index.ts'
import { HOUR, MINUTE } from './agenda.ts'
import type { Surroundings } from './disks.ts'
import type { Wish } from './wishes.ts'

const DELETED_SHARE = 0.6
const SPREAD = 20 * MINUTE
/** Deletions count together for so long. */
const COUNTED = HOUR
/** So many a person makes. */
const FEW = 4

/**
 * What becomes of a mass deletion: one client's, of which nobody is asked since others have the titles, or all clients',
 * which the admin answers.
 */
export type MassDelete = 'by one' | 'keep' | 'remove'

/** Clients that delete most of what they have, as when a mount fails. */
export function massDeletes(options: Surroundings) {
  const { server, clock, agenda, random, wishes, instances, views, wrong } = options
  /** When there will be one, epoch ms. */
  const planned: number[] = []
  let thinned = false

  /** The admin removes what they are asked about; another count than there are removes nothing. */
  async function remove(questions: readonly TitleKey[], app: 'radarr' | 'sonarr'): Promise<void> {
    const { answerDeletions } = server.useCases()
    const other = await answerDeletions(app, 'remove', questions.length - 1)
    await views.look()
    for (const wish of wishes.values()) {
      const { mediaType, tmdbId } = wish.title
      const isAsked = questions.some((one) => one.mediaType === mediaType && one.tmdbId === tmdbId)
      if (isAsked) Object.assign(wish, { left: 'removed', everLeft: true })
    }
    const done = await answerDeletions(app, 'remove', questions.length)
    if (other.kind !== 'other_count' || done.kind !== 'done' || done.stayed > 0) {
      wrong.push(`the removal was answered with ${other.kind} and ${done.kind}`)
    }
    thinned = true
  }

  async function deleteMost(mediaType: MediaType, kind: MassDelete): Promise<number> {
    const app = mediaType === 'movie' ? ('radarr' as const) : ('sonarr' as const)
    const own = instances.filter((one) => one.app === app)
    const deleting = kind === 'by one' ? own.slice(0, 1) : own
    // What only the one has that deletes is a person's to lose.
    const isMeant = ({ title, left }: Wish) =>
      left === undefined &&
      deleting.some((one) => one.holds(title)) &&
      (kind !== 'by one' || own.filter((one) => one.holds(title)).length > 1)
    const concerned = [...wishes.values()].filter((wish) => isMeant(wish) && random() < DELETED_SHARE)
    await views.look()
    const before = new Map(concerned.map((wish) => [wish, views.of(wish.title)]))
    // Where they are not excluded, lists bring again what is listed again, while the admin has not answered.
    const excludes = kind === 'remove' || mediaType === 'tv'
    const asked = async () =>
      (await server.useCases().deletionQuestions()).find((one) => one.app === app)?.requests ?? []
    let most = 0
    for (const [n, wish] of concerned.entries()) {
      agenda.at(clock.now() + (n * SPREAD) / concerned.length, async () => {
        wish.deleted = true
        for (const one of deleting) await one.remove(wish.title, { excludes })
        if (n * 2 > concerned.length) most = Math.max(most, (await asked()).length)
      })
    }
    agenda.at(clock.now() + SPREAD, async () => {
      if (kind === 'by one' ? most > 0 : most <= FEW) wrong.push(`of ${app}, ${kind}, the admin is asked about ${most}`)
      await views.look()
      for (const [{ title }, names] of before) {
        const now = views.of(title)
        const lacking = names.filter((name) => !now.includes(name))
        if (lacking.length > 0) wrong.push(`${title.title} is deleted, and out of ${lacking.join(', ')}`)
      }
      if (kind === 'remove') await remove(await asked(), app)
      if (kind === 'keep') await server.useCases().answerDeletions(app, 'keep')
      await views.look()
      for (const wish of concerned) {
        delete wish.deleted
        const wasIn = (before.get(wish) ?? []).length > 0
        const isIn = views.of(wish.title).length > 0
        if (wasIn && isIn !== (wish.left === undefined)) {
          wrong.push(`${wish.title.title} is ${isIn ? 'listed' : 'out'} after "${kind}"`)
        }
        if (wish.left === undefined) for (const one of own) one.allow(wish.title)
      }
    })
    return concerned.length
  }

  return {
    /** Most of a type is deleted within twenty minutes of a time. @param begun called with how many titles it is about */
    plan(at: number, mediaType: MediaType, kind: MassDelete, begun: (count: number) => void): void {
      planned.push(at)
      agenda.at(at, async () => begun(await deleteMost(mediaType, kind)))
    },

    /** One more deletion could not be told from many, before or after. */
    isBusy: () => planned.some((at) => Math.abs(clock.now() - at) < SPREAD + 2 * COUNTED),
    /** The library is to be smaller than it was. */
    isThinned: () => thinned,
  }
}
