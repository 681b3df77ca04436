import { pacer } from '../base/index.ts'
import type { MediaType } from '../titles/index.ts'
import type { MediaRequest } from './media-request.ts'
import type { MediaRequestRepository } from './ports.ts'

/** All requests of a type, slice by slice, for whoever looks through them: everybody else has a turn in between. */
export async function* requestSlices(
  requests: Pick<MediaRequestRepository, 'slice'>,
  type: MediaType,
): AsyncGenerator<MediaRequest[]> {
  const pace = pacer()
  let slice = await requests.slice(type)
  for (;;) {
    yield slice.rows
    if (slice.cursor === undefined) return
    await pace()
    slice = await requests.slice(type, slice.cursor)
  }
}
