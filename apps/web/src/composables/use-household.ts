import type { RequestRow } from '@stellarr/http/wire'
import { reactive } from 'vue'
import { api } from '../api/index.ts'

/** What the household has and has asked for, shared by all pages. */
export const household = reactive({ library: new Set<string>(), requests: new Map<string, RequestRow>() })

const nameOf = (type: string, id: number) => `${type}/${id}`

/** Reads it again. Throws `ApiError`. */
export async function refreshHousehold(): Promise<void> {
  const status = await api.libraryStatus()
  household.library = new Set([
    ...status.library.movie.map((id) => nameOf('movie', id)),
    ...status.library.tv.map((id) => nameOf('tv', id)),
  ])
  household.requests = new Map(status.requests.map((row) => [nameOf(row.media_type, row.tmdb_id), row]))
}

/** A title's state for its chip: here, asked for, or neither. */
export function stateOf(type: string, id: number): 'available' | 'requested' | undefined {
  const name = nameOf(type, id)
  const request = household.requests.get(name)
  if (household.library.has(name) || request?.status === 'available') return 'available'
  return request ? 'requested' : undefined
}
