import type { AuthParams } from '@stellarr/http/wire'
import { shallowRef } from 'vue'
import { api } from './api.ts'
import { noteServerTime } from './connection.ts'

/** What the server says of itself to everybody; undefined until it has, and where it is not reached. */
export const params = shallowRef<AuthParams>()

/** Asks it. Never throws: what was known stays. */
export async function readParams(): Promise<void> {
  try {
    params.value = await api.authParams()
    noteServerTime(params.value.now)
  } catch {
    // Pages do without.
  }
}
