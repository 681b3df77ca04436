/** A request's life; the later in this list the stronger, except `gone` (see `applyEvent`). */
export const MEDIA_REQUEST_STATUSES = [
  'pending',
  'picked_up',
  'downloading',
  'partly_available',
  'available',
  'gone',
] as const
export type MediaRequestStatus = (typeof MEDIA_REQUEST_STATUSES)[number]

/** Why what a client deleted stays in the lists: as the last row of one, or until the admin says what is to be. */
export const KEPT_REASONS = ['last_row', 'many_deletions'] as const
export type KeptReason = (typeof KEPT_REASONS)[number]

/** True when the first is further along; `gone` is none of these. */
export const isStronger = (a: MediaRequestStatus, b: MediaRequestStatus): boolean =>
  MEDIA_REQUEST_STATUSES.indexOf(a) > MEDIA_REQUEST_STATUSES.indexOf(b)
