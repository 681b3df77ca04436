import { type FeedSettingsRefusal, qualityProfiles, type ReaderOfKey, type UseCases } from '@stellarr/core'
import { Router } from 'express'
import { HttpError } from '../http-error.ts'
import { parse, queryFlag } from '../parse.ts'
import {
  type AdminSettingsAnswer,
  adminSettingsBody,
  type NewReaderKeyAnswer,
  type ReaderKey,
  type ReaderKeysAnswer,
  readerKeyBody,
} from '../wire/index.ts'

const iso = (at: number) => new Date(at).toISOString()

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
    case 'unknown_default':
      return new HttpError(
        422,
        'unknown_profile',
        'default_quality_profile_id: expected the id of a quality profile that stays.',
        { field: 'default_quality_profile_id' },
      )
  }
}

function toReaderKey({ id, name, createdAt, keys }: ReaderOfKey): ReaderKey {
  const [newest, older] = keys
  return { id, name, created_at: iso(createdAt), replaced_at: newest && older ? iso(newest.since) : null }
}

/** Routing of the feeds and keys of single readers; behind `requireAdmin`. */
export function adminSettingsRoutes(useCases: UseCases): Router {
  const router = Router()

  async function settingsAnswer(): Promise<AdminSettingsAnswer> {
    const { settings, carried } = await useCases.viewFeedSettings()
    return {
      quality_profiles: qualityProfiles(settings).map(({ id, name, rootFolders }) => ({
        id,
        name,
        root_folders: rootFolders,
        requests: carried.get(id) ?? 0,
      })),
      default_quality_profile_id: settings.defaultProfileId,
      keep_arrived_days: settings.keepArrivedDays ?? null,
      tags_hidden: settings.tagsHidden,
      tags: settings.tags.map((tag, place) => ({ id: place + 1, ...tag })),
    }
  }

  router.get('/api/admin/settings', async (_req, res) => {
    res.json(await settingsAnswer())
  })

  router.patch('/api/admin/settings', async (req, res) => {
    const body = parse(adminSettingsBody, req.body)
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
    })
    if (refused) throw refusal(refused)
    res.json(await settingsAnswer())
  })

  router.get('/api/admin/tokens', async (_req, res) => {
    const answer: ReaderKeysAnswer = { tokens: (await useCases.listReaderKeys()).map(toReaderKey) }
    res.json(answer)
  })

  router.post('/api/admin/tokens', async (req, res) => {
    const outcome = await useCases.makeReaderKey(parse(readerKeyBody, req.body))
    switch (outcome.kind) {
      case 'not_found':
        throw new HttpError(404, 'not_found', 'replaces: expected the id of a reader.', { field: 'replaces' })
      case 'too_many':
        throw new HttpError(409, 'too_many', 'There are 50 readers with keys of their own: end one first.')
      case 'made': {
        const answer: NewReaderKeyAnswer = { token: outcome.token, reader: toReaderKey(outcome.reader) }
        res.json(answer)
      }
    }
  })

  router.delete('/api/admin/tokens/:id', async (req, res) => {
    const onlyOld = queryFlag(req, 'old') ?? false
    if (!(await useCases.endReaderKey(req.params.id, onlyOld))) {
      throw new HttpError(404, 'not_found', 'There is no such key (any more).')
    }
    if (!onlyOld) await useCases.forgetReaders({ keyId: req.params.id })
    res.json({ success: true, message: onlyOld ? 'The older key was ended.' : 'The keys of this reader were ended.' })
  })

  router.delete('/api/admin/readers/:id', async (req, res) => {
    if (!(await useCases.forgetReaders({ name: req.params.id }))) {
      throw new HttpError(404, 'not_found', 'There is no such reader (any more).')
    }
    res.json({ success: true, message: 'Forgotten. It is back as soon as it looks again.' })
  })

  return router
}
