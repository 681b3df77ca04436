import { MAX_DEVICES, pickLanguage } from '@stellarr/core'
import { HttpError } from '../http-error.ts'
import { oneText } from '../parse.ts'
import { route } from '../route.ts'
import { pushDoneAnswer, pushEndpointBody, pushKeyAnswer, pushStatusAnswer, pushSubscribeBody } from '../wire/index.ts'

const notYours = () => new HttpError(404, 'not_found', 'endpoint: expected a device of yours.', { field: 'endpoint' })

/** Push messages to the devices of whoever is signed in. */
export const pushRoutes = [
  route({
    method: 'get',
    path: '/api/push/vapid-public-key',
    summary: 'The key that browsers subscribe with.',
    access: 'session',
    answer: pushKeyAnswer,
    errors: [401, 503],
    handle: async (_call, { useCases }) => ({ public_key: await useCases.pushKey() }),
  }),
  route({
    method: 'post',
    path: '/api/push/subscribe',
    summary: 'Tells a device from now on.',
    access: 'session',
    body: pushSubscribeBody,
    answer: pushDoneAnswer,
    errors: [400, 401, 409, 415, 422, 503],
    async handle({ req, body: { language, ...device }, session }, { useCases }) {
      const spoken = language ?? pickLanguage(req.get('accept-language'))
      switch (await useCases.subscribe(session.name, { ...device, language: spoken })) {
        case 'no_push_service':
          throw new HttpError(422, 'invalid', 'endpoint: expected the address of a browser’s push service.', {
            field: 'endpoint',
          })
        case 'too_many':
          throw new HttpError(
            409,
            'too_many_devices',
            `${MAX_DEVICES} devices of this name are told already. Turn notifications off on one of them first.`,
          )
        case 'subscribed':
          return { success: true as const, message: 'This device is told from now on.' }
      }
    },
  }),
  route({
    method: 'delete',
    path: '/api/push/subscribe',
    summary: 'Tells a device no longer.',
    access: 'session',
    body: pushEndpointBody,
    answer: pushDoneAnswer,
    errors: [400, 401, 404, 415, 422, 503],
    async handle({ body: { endpoint }, session }, { useCases }) {
      if (!(await useCases.unsubscribe(session.name, endpoint))) throw notYours()
      return { success: true, message: 'This device is told nothing any more.' }
    },
  }),
  route({
    method: 'get',
    path: '/api/push/status',
    summary: 'Is this device told?',
    access: 'session',
    query: { endpoint: oneText },
    answer: pushStatusAnswer,
    errors: [401, 422, 503],
    handle: async ({ query: { endpoint = '' }, session }, { useCases }) => ({
      subscribed: await useCases.isSubscribed(session.name, endpoint),
    }),
  }),
  route({
    method: 'post',
    path: '/api/push/test',
    summary: 'Sends a message to a device.',
    access: 'session',
    body: pushEndpointBody,
    answer: pushDoneAnswer,
    errors: [400, 401, 404, 415, 422, 503],
    async handle({ body: { endpoint }, session }, { useCases }) {
      const sent = await useCases.tryPush(session.name, endpoint)
      if (sent === undefined) throw notYours()
      return {
        success: sent,
        message: sent ? 'A message is on its way.' : 'The push service did not take the message. It is tried again.',
      }
    },
  }),
]
