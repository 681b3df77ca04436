import type { AppOptions } from '../app-options.ts'
import { HttpError } from '../http-error.ts'
import { wrongKeyForm } from '../key-form.ts'
import { route } from '../route.ts'
import { TITLE_KEY_SETTINGS, type TitleKeys, type TitleService } from '../title-keys.ts'
import { type TitleKeysAnswer, titleKeyBody, titleKeysAnswer } from '../wire/index.ts'

const NAMES: Record<TitleService, string> = { tmdb: 'TMDB', tvdb: 'TVDB' }

const keysOf = ({ titleKeys }: AppOptions): TitleKeys => titleKeys ?? { list: async () => [] }

async function answerOf({ list, change }: TitleKeys): Promise<TitleKeysAnswer> {
  const keys = (await list()).map(({ service, source, state }) => ({
    service,
    source,
    state: state ?? null,
    setting: TITLE_KEY_SETTINGS[service],
  }))
  return { keys, set_by: change ? 'app' : 'command' }
}

function parseService({ service }: { service: string }): TitleService {
  if (service === 'tmdb' || service === 'tvdb') return service
  throw new HttpError(422, 'invalid', 'service: expected tmdb or tvdb.', { field: 'service' })
}

/** How a key is changed here. Throws 409 where it is changed elsewhere. */
async function changeOf({ list, change }: TitleKeys, service: TitleService) {
  const setting = TITLE_KEY_SETTINGS[service]
  if (!change) {
    const detail = `${setting}: here keys are set by the command "npm run deploy:aws -- rotate ${service}".`
    throw new HttpError(409, 'set_by_command', detail)
  }
  const known = (await list()).find((key) => key.service === service)
  if (known?.source !== 'environment') return change
  throw new HttpError(409, 'set_in_environment', `${setting} is set in the environment or .env: change it there.`)
}

/** The keys of TMDB and TVDB, for the admin. */
export const titleKeyRoutes = [
  route({
    method: 'get',
    path: '/api/admin/title-keys',
    summary: 'Where the keys of TMDB and TVDB come from, and whether they are taken.',
    access: 'admin',
    answer: titleKeysAnswer,
    errors: [401, 403],
    handle: (_call, { options }) => answerOf(keysOf(options)),
  }),
  route({
    method: 'put',
    path: '/api/admin/title-keys/{service}',
    summary: 'Sets a key that its service takes; it is in use at once.',
    access: 'admin',
    params: parseService,
    body: titleKeyBody,
    answer: titleKeysAnswer,
    errors: [401, 403, 409, 422, 503],
    async handle({ params: service, body: { key } }, { options }) {
      const change = await changeOf(keysOf(options), service)
      const expected = wrongKeyForm(key)
      if (expected !== undefined) throw new HttpError(422, 'invalid', `key: expected ${expected}.`, { field: 'key' })
      switch (await change.set(service, key)) {
        case 'kept':
          return answerOf(keysOf(options))
        case 'refused':
          throw new HttpError(422, `${service}_key_refused`, `key: ${NAMES[service]} refuses it.`, { field: 'key' })
        case 'unreachable': {
          const detail = `${NAMES[service]} does not answer just now, so the key could not be checked. Nothing was changed.`
          throw new HttpError(503, `${service}_unreachable`, detail, { retryAfter: 30 })
        }
      }
    },
  }),
  route({
    method: 'delete',
    path: '/api/admin/title-keys/{service}',
    summary: 'Forgets a key that was set here.',
    access: 'admin',
    params: parseService,
    answer: titleKeysAnswer,
    errors: [401, 403, 409, 422, 503],
    async handle({ params: service }, { options }) {
      await (await changeOf(keysOf(options), service)).remove(service)
      return answerOf(keysOf(options))
    },
  }),
]
