import type { ReaderOfKey } from '@stellarr/core'
import { HttpError } from '../http-error.ts'
import { flag } from '../parse.ts'
import { route } from '../route.ts'
import { newReaderKeyAnswer, type ReaderKey, readerKeyBody, readerKeysAnswer } from '../wire/index.ts'

const iso = (at: number) => new Date(at).toISOString()

function toReaderKey({ id, name, createdAt, keys }: ReaderOfKey): ReaderKey {
  const [newest, older] = keys
  return { id, name, created_at: iso(createdAt), replaced_at: newest && older ? iso(newest.since) : null }
}

/** Feed keys of single readers, and forgetting who no longer reads. */
export const readerKeyRoutes = [
  route({
    method: 'get',
    path: '/api/admin/tokens',
    summary: 'Readers with a feed key of their own.',
    access: 'admin',
    answer: readerKeysAnswer,
    errors: [401, 403, 503],
    handle: async (_call, { useCases }) => ({ tokens: (await useCases.listReaderKeys()).map(toReaderKey) }),
  }),
  route({
    method: 'post',
    path: '/api/admin/tokens',
    summary: 'Makes a key for a new reader, or a second one for a reader.',
    access: 'admin',
    body: readerKeyBody,
    answer: newReaderKeyAnswer,
    errors: [400, 401, 403, 404, 409, 415, 422, 503],
    async handle({ body }, { useCases }) {
      const outcome = await useCases.makeReaderKey(body)
      switch (outcome.kind) {
        case 'not_found':
          throw new HttpError(404, 'not_found', 'replaces: expected the id of a reader.', { field: 'replaces' })
        case 'too_many':
          throw new HttpError(409, 'too_many', 'There are 50 readers with keys of their own: end one first.')
        case 'made':
          return { token: outcome.token, reader: toReaderKey(outcome.reader) }
      }
    },
  }),
  route({
    method: 'delete',
    path: '/api/admin/tokens/{id}',
    summary: 'Ends the keys of a reader, or the older of two.',
    access: 'admin',
    query: { old: flag },
    errors: [401, 403, 404, 422, 503],
    async handle({ params: { id }, query }, { useCases }) {
      const onlyOld = query.old ?? false
      if (!(await useCases.endReaderKey(id, onlyOld))) {
        throw new HttpError(404, 'not_found', 'There is no such key (any more).')
      }
      if (!onlyOld) await useCases.forgetReaders({ keyId: id })
      return { success: true, message: onlyOld ? 'The older key was ended.' : 'The keys of this reader were ended.' }
    },
  }),
  route({
    method: 'delete',
    path: '/api/admin/readers/{id}',
    summary: 'Forgets a reader that will not come back.',
    access: 'admin',
    errors: [401, 403, 404, 503],
    async handle({ params }, { useCases }) {
      if (!(await useCases.forgetReaders({ name: params.id }))) {
        throw new HttpError(404, 'not_found', 'There is no such reader (any more).')
      }
      return { success: true, message: 'Forgotten. It is back as soon as it looks again.' }
    },
  }),
]
