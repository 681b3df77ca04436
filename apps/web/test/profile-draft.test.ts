import type { AdminSettingsBody } from '@stellarr/http/wire'
import { describe, expect, it } from 'vitest'
import { draftOf, faultOf, foldersInFolders, newRow, saveProfiles } from '../src/logic/profile-draft.ts'

type Profiles = Parameters<typeof draftOf>[0]
const profile = (id: number, name: string, requests = 0) => ({
  id,
  name,
  root_folders: { movie: '/movies', tv: '/tv' },
  requests,
  folders_in_use: [],
})
const before: Profiles = { quality_profiles: [profile(1, 'HD', 3), profile(2, '4K')], default_quality_profile_id: 1 }

/** Keeps what it is sent, as the server does: new profiles get the next id. */
function server(start: Profiles) {
  let state = start
  const sent: AdminSettingsBody[] = []
  const save = async (body: AdminSettingsBody): Promise<Profiles> => {
    sent.push(body)
    let next = Math.max(...state.quality_profiles.map(({ id }) => id))
    const rows = body.quality_profiles?.map(({ id, name }) => profile(id ?? ++next, name))
    state = {
      quality_profiles: rows ?? state.quality_profiles,
      default_quality_profile_id: body.default_quality_profile_id ?? state.default_quality_profile_id,
    }
    return state
  }
  return { sent, save }
}

describe('profiles that were edited', () => {
  it('are saved at once, with the default among them', async () => {
    const { sent, save } = server(before)
    const draft = draftOf(before)
    const [, second] = draft.rows
    if (second) Object.assign(second, { name: ' UHD ', movie: '/uhd ', tv: '' })
    await saveProfiles(before, { ...draft, standard: 2 }, save)
    expect(sent).toEqual([
      {
        quality_profiles: [
          { id: 1, name: 'HD', root_folders: { movie: '/movies', tv: '/tv' } },
          { id: 2, name: 'UHD', root_folders: { movie: '/uhd' } },
        ],
        default_quality_profile_id: 2,
      },
    ])
  })

  it('get a new default once it has its id, and the one of before goes last', async () => {
    const { sent, save } = server(before)
    const draft = draftOf(before)
    const fresh = { ...newRow(draft.rows), name: 'Kids' }
    const rows = [...draft.rows.filter((row) => row.id !== 1), fresh]
    const saved = await saveProfiles(before, { rows, standard: fresh.key }, save)
    expect(sent[0]?.quality_profiles?.map(({ name }) => name)).toEqual(['4K', 'Kids', 'HD'])
    expect(sent[1]).toMatchObject({ default_quality_profile_id: 3 })
    expect(saved.quality_profiles.map(({ name }) => name)).toEqual(['4K', 'Kids'])
    expect(saved.default_quality_profile_id).toBe(3)
  })

  it('get a new default beside the one of before', async () => {
    const { sent, save } = server(before)
    const draft = draftOf(before)
    const fresh = { ...newRow(draft.rows), name: 'Kids' }
    await saveProfiles(before, { rows: [...draft.rows, fresh], standard: fresh.key }, save)
    expect(sent[1]).toEqual({ default_quality_profile_id: 3 })
  })

  it('have keys of their own while they are new', () => {
    const rows = draftOf(before).rows
    const first = newRow(rows)
    expect(newRow([...rows, first]).key).not.toBe(first.key)
  })
})

describe('a folder in the text of another', () => {
  const row = (movie: string, tv = '/tv') => ({ movie, tv })

  it('is found within one type, whatever the case', () => {
    expect(foldersInFolders([row('/movies'), row('/Movies-4k')])).toEqual([{ inner: '/movies', outer: '/movies-4k' }])
    expect(foldersInFolders([row('/data/tv', '/data/tv'), row('/data/movies', '/anime')])).toEqual([])
  })

  it('is no matter when it is the same one', () => {
    expect(foldersInFolders([row('/movies'), row('/movies'), row('')])).toEqual([])
  })
})

describe('a refused field', () => {
  it.each([
    ['quality_profiles.1.name', { row: 1, part: 'name' }],
    ['quality_profiles.0.root_folders.movie', { row: 0, part: 'movie' }],
    ['quality_profiles.12.root_folders.tv', { row: 12, part: 'tv' }],
    ['quality_profiles.2', { row: 2, part: 'name' }],
    ['quality_profiles', undefined],
    [undefined, undefined],
  ] as const)('%s', (field, fault) => expect(faultOf(field)).toEqual(fault))
})
