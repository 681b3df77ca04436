import {
  type FeedSettings,
  type FeedSettingsRefusal,
  folderOf,
  type MediaType,
  qualityProfiles,
  type RoutedRequest,
  type RowCounts,
  type UseCases,
} from '@stellarr/core'
import { HttpError } from '../http-error.ts'
import { route } from '../route.ts'
import { type AdminSettingsAnswer, adminSettingsAnswer, adminSettingsBody } from '../wire/index.ts'

function refusal(refused: FeedSettingsRefusal): HttpError {
  const field = 'place' in refused ? `quality_profiles.${refused.place}` : 'quality_profiles'
  switch (refused.kind) {
    case 'unknown_profile':
      return new HttpError(422, 'unknown_profile', `${field}.id: expected the id of a quality profile.`, {
        field: `${field}.id`,
      })
    case 'doubled_name':
      return new HttpError(422, 'doubled_name', `${field}.name: expected a name that no other profile has.`, {
        field: `${field}.name`,
      })
    case 'too_many':
      return new HttpError(
        422,
        'too_many',
        'quality_profiles: expected no more than 50 in all, removed ones included.',
        {
          field: 'quality_profiles',
        },
      )
    case 'profile_in_use':
      return new HttpError(
        409,
        'profile_in_use',
        `quality_profiles: requests carry "${refused.name}", so it can be renamed but not removed.`,
        { field: 'quality_profiles' },
      )
    case 'needs_confirmation':
      return new HttpError(409, 'needs_confirmation', tagsSentence(refused.rows), { field: 'confirm' })
    case 'unknown_default':
      return new HttpError(
        422,
        'unknown_profile',
        'default_quality_profile_id: expected the id of a quality profile that stays.',
        { field: 'default_quality_profile_id' },
      )
  }
}

/** What hiding the tags may do, with how many rows of which clients. */
function tagsSentence({ movie, tv }: RowCounts): string {
  const lists = [movie > 0 && `${movie} of Radarr's`, tv > 0 && `${tv} of Sonarr's`].filter((one) => one !== false)
  return `Lists that are filtered by requester lose all their rows: up to ${lists.join(' and ')}. With Clean Library on, Radarr and Sonarr may then remove those titles with their files. Repeat with confirm: true to do it.`
}

/** The root folders that rows have, and how many. */
function foldersOf(settings: FeedSettings, rows: readonly RoutedRequest[]) {
  const counts = new Map<string, { media_type: MediaType; path: string; rows: number }>()
  for (const row of rows) {
    const path = folderOf(settings, row)
    const known = counts.get(`${row.mediaType} ${path}`) ?? { media_type: row.mediaType, path, rows: 0 }
    counts.set(`${row.mediaType} ${path}`, { ...known, rows: known.rows + 1 })
  }
  return [...counts.values()]
}

async function settingsAnswer(useCases: UseCases): Promise<AdminSettingsAnswer> {
  const { settings, requests, taggedRows } = await useCases.viewFeedSettings()
  return {
    quality_profiles: qualityProfiles(settings).map(({ id, name, rootFolders }) => {
      const carried = requests.filter((one) => one.qualityProfileId === id)
      return {
        id,
        name,
        root_folders: rootFolders,
        requests: carried.length,
        folders_in_use: foldersOf(settings, carried),
      }
    }),
    default_quality_profile_id: settings.defaultProfileId,
    keep_arrived_days: settings.keepArrivedDays ?? null,
    tags_hidden: settings.tagsHidden,
    tagged_rows: taggedRows,
    tags: settings.tags.map((tag, place) => ({ id: place + 1, ...tag })),
  }
}

/** How the lists are routed: quality profiles, retention, tags. */
export const adminSettingsRoutes = [
  route({
    method: 'get',
    path: '/api/admin/settings',
    summary: 'Quality profiles, retention and tags.',
    access: 'admin',
    answer: adminSettingsAnswer,
    errors: [401, 403, 503],
    handle: (_call, { useCases }) => settingsAnswer(useCases),
  }),
  route({
    method: 'patch',
    path: '/api/admin/settings',
    summary: 'Changes what is given; profiles are given whole.',
    access: 'admin',
    body: adminSettingsBody,
    answer: adminSettingsAnswer,
    errors: [400, 401, 403, 409, 415, 422, 503],
    async handle({ body }, { useCases }) {
      const refused = await useCases.changeFeedSettings({
        profiles: body.quality_profiles?.map(({ id, name, root_folders }) => ({
          id,
          name,
          rootFolders: {
            ...(root_folders?.movie !== undefined && { movie: root_folders.movie }),
            ...(root_folders?.tv !== undefined && { tv: root_folders.tv }),
          },
        })),
        defaultProfileId: body.default_quality_profile_id,
        keepArrivedDays: body.keep_arrived_days,
        tagsHidden: body.tags_hidden,
        confirmed: body.confirm,
      })
      if (refused) throw refusal(refused)
      return settingsAnswer(useCases)
    },
  }),
]
