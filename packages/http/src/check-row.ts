import type { Check } from '@stellarr/core'
import type { CheckRow } from './wire/index.ts'

const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())

/** A check as it is answered. Apart from its route, so that a command takes it without a server. */
export function toCheckRow({ id, group, state, lastGoodAt, lastBadAt, code, facts, nextStep }: Check): CheckRow {
  return {
    id,
    group,
    state,
    last_good_at: iso(lastGoodAt),
    last_bad_at: iso(lastBadAt),
    code: code ?? null,
    facts,
    next_step: nextStep ?? null,
  }
}
