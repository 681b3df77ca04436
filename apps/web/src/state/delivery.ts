import { watch } from 'vue'
import { api } from '../api/index.ts'
import { createProfiles } from './profiles.ts'
import { createReaders } from './readers.ts'
import { session } from './session.ts'

/** What the pages about requests and feeds share besides: wired here, so that it comes with them and not with the first page. */
export const readers = createReaders({ api })
export const profiles = createProfiles({ api })

watch(
  () => session.current?.token,
  (token) => {
    if (token !== undefined) return
    readers.clear()
    profiles.clear()
  },
)
