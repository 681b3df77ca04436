import type { MediaRequest, SeasonReached } from '../media-request.ts'

/** What a rule makes of a request. */
export interface Outcome {
  request: MediaRequest
  /** True when what people see of its life changed: see each rule. */
  changed: boolean
  /** Seasons of which people are to be told now; this is said once. */
  reached?: SeasonReached[]
}
