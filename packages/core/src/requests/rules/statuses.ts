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

/** True when the first is further along; `gone` is none of these. */
export const isStronger = (a: MediaRequestStatus, b: MediaRequestStatus): boolean =>
  MEDIA_REQUEST_STATUSES.indexOf(a) > MEDIA_REQUEST_STATUSES.indexOf(b)
