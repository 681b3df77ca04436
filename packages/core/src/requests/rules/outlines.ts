import type { MediaRequest } from '../media-request.ts'

/** What lists of requests are ordered, narrowed and counted by: small enough to hold all of them in memory. */
export type RequestOutline = Pick<
  MediaRequest,
  | 'mediaType'
  | 'tmdbId'
  | 'tvdbId'
  | 'imdbId'
  | 'title'
  | 'originalTitle'
  | 'year'
  | 'qualityProfileId'
  | 'rootFolderId'
  | 'status'
  | 'statusAt'
  | 'requestedBy'
  | 'followers'
  | 'formerAskers'
  | 'createdAt'
  | 'addedAt'
  | 'withdrawnAt'
  | 'unlistedAt'
  | 'kept'
>

/** The outline of a request. */
export function outlineOf(request: RequestOutline): RequestOutline {
  const { mediaType, tmdbId, tvdbId, imdbId, title, originalTitle, year, qualityProfileId, rootFolderId } = request
  const { status, statusAt, requestedBy, followers, formerAskers } = request
  const { createdAt, addedAt, withdrawnAt, unlistedAt, kept } = request
  return {
    ...{ mediaType, tmdbId, title, qualityProfileId, status, statusAt, requestedBy, followers, createdAt },
    ...(tvdbId !== undefined && { tvdbId }),
    ...(imdbId !== undefined && { imdbId }),
    ...(originalTitle !== undefined && { originalTitle }),
    ...(year !== undefined && { year }),
    ...(rootFolderId !== undefined && { rootFolderId }),
    ...(formerAskers !== undefined && { formerAskers }),
    ...(addedAt !== undefined && { addedAt }),
    ...(withdrawnAt !== undefined && { withdrawnAt }),
    ...(unlistedAt !== undefined && { unlistedAt }),
    ...(kept !== undefined && { kept }),
  }
}
