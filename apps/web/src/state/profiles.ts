import type { QualityProfilesAnswer } from '@stellarr/http/wire'
import { reactive } from 'vue'
import type { ApiClient } from '../api/client.ts'

type Profile = QualityProfilesAnswer['quality_profiles'][number]

/** The quality profiles that a request can be given; with a single one nothing about them is shown. */
export function createProfiles({ api }: { api: Pick<ApiClient, 'qualityProfiles'> }) {
  const state = reactive<{ list: Profile[]; standard: number | undefined }>({ list: [], standard: undefined })
  let known = false
  let loading: Promise<void> | undefined
  let turn = 0

  function take(answer: { quality_profiles: Profile[]; default_quality_profile_id: number }): void {
    turn += 1
    known = true
    state.list = answer.quality_profiles.map(({ id, name }) => ({ id, name }))
    state.standard = answer.default_quality_profile_id
  }

  async function read(): Promise<void> {
    const mine = turn
    try {
      const answer = await api.qualityProfiles()
      if (mine === turn) take(answer)
    } catch {
      // Without them all requests get the default one; they are asked for again with the next page.
    } finally {
      loading = undefined
    }
  }

  return {
    state,
    /** Takes what the admin has saved. */
    take,
    /** Reads them once. */
    load(): Promise<void> {
      if (known) return Promise.resolve()
      loading ??= read()
      return loading
    },
    /** True when there is a choice. */
    several: (): boolean => state.list.length > 1,
    nameOf: (id: number): string | undefined => state.list.find((profile) => profile.id === id)?.name,
    /** Forgets everything: another person may sign in. */
    clear(): void {
      turn += 1
      known = false
      state.list = []
      state.standard = undefined
    },
  }
}
