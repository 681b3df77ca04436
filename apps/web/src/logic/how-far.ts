import type { RequestRow, TitleAnswer } from '@stellarr/http/wire'
import { nextDay } from './air-date.ts'

type Season = TitleAnswer['seasons'][number]
type Progress = NonNullable<RequestRow['progress']>
type Numbering = RequestRow['numbering']

/** Says things: translates, in a language, at a time (epoch ms; now, if not told). */
export interface Speaker {
  t: (key: string, values: Record<string, unknown>, plural: number) => string
  locale: string
  now?: number
}

/** How a season stands, as its chip says it. */
export type SeasonLook = 'none' | 'requested' | 'some' | 'up_to_date' | 'complete'

/**
 * The look of a season's chip; undefined for none. Where what has arrived is numbered otherwise, nothing is known of a
 * single season but that it was requested.
 */
export function seasonLook({ state, requested }: Season, numbering: Numbering): SeasonLook | undefined {
  if (numbering === 'differs') return requested ? 'requested' : undefined
  return state === 'none' && requested ? 'requested' : state
}

/** The words of a season's chip: "Complete", "5 of 10 · next Fri, Dec 5". */
export function seasonWords({ progress }: Season, look: SeasonLook, speaker: Speaker): string {
  if (look === 'some') return withNext(countWords(progress, speaker), progress, speaker)
  const words = speaker.t(`season.${look}`, {}, 1)
  return look === 'up_to_date' ? withNext(words, progress, speaker) : words
}

function countWords({ here, total }: Progress, { t }: Speaker): string {
  return total > here ? t('season.some', { here, total }, here) : t('sheet.episodes', { n: here }, here)
}

function withNext(words: string, { next_air_date }: Progress, { t, locale, now }: Speaker): string {
  const date = nextDay(next_air_date, locale, now)
  return date === undefined ? words : t('season.next', { words, date }, 1)
}

/** What of a series says how far it is here: its request, or its title where nobody has requested it. */
export interface Series {
  status?: RequestRow['status']
  progress: RequestRow['progress']
  numbering: Numbering
}

/** How far a series is here, where that is worth a word beside its status. */
export type HowFar = 'some' | 'differs' | 'up_to_date'

/** True for a request whose episodes are all here as far as they have aired, with more to come. */
export function isUpToDate({ status, progress }: Series): boolean {
  if (status !== 'available' || !progress || progress.here === 0) return false
  return progress.here < progress.total || progress.next_air_date !== null
}

/** Undefined for what is not here at all, for what is complete, and while no episodes are known. */
export function howFar(series: Series): HowFar | undefined {
  const { status, progress, numbering } = series
  if (!progress || progress.here === 0 || progress.total === 0 || status === 'gone') return undefined
  if (numbering === 'differs') return 'differs'
  const isHere = status === undefined ? progress.here >= (progress.aired || progress.total) : status === 'available'
  if (!isHere) return 'some'
  return isUpToDate({ ...series, status: 'available' }) ? 'up_to_date' : undefined
}

/** The words for it: "7 of 10 episodes", "All 10 episodes so far", "Up to date · next Fri, Dec 5"; `short` where there is room for little. */
export function howFarWords({ progress }: Series, far: HowFar, speaker: Speaker, short = false): string {
  if (!progress) return ''
  // Sources count double episodes differently: what is here can be more than the list has.
  const counts = { here: Math.min(progress.here, progress.total), total: progress.total }
  if (far === 'up_to_date') {
    const words = speaker.t('season.up_to_date', {}, 1)
    return short ? words : withNext(words, progress, speaker)
  }
  // More was requested than is listed yet: a season that was announced.
  if (far === 'some' && progress.here >= progress.total) {
    return speaker.t('progress.soFar', { n: progress.total }, progress.total)
  }
  const key = far === 'differs' && !short ? 'progress.differs' : 'progress.some'
  return speaker.t(key, counts, counts.here)
}
