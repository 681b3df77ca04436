import { pickLanguage, type UseCases } from '@stellarr/core'
import { Router } from 'express'
import { sessionOf } from '../access.ts'
import { HttpError } from '../http-error.ts'
import { parse, queryText } from '../parse.ts'
import {
  type PushDoneAnswer,
  type PushKeyAnswer,
  type PushStatusAnswer,
  pushEndpointBody,
  pushSubscribeBody,
} from '../wire/index.ts'

/** Push messages to the devices of whoever is signed in. */
export function pushRoutes(useCases: UseCases): Router {
  const router = Router()

  router.get('/api/push/vapid-public-key', async (_req, res) => {
    const answer: PushKeyAnswer = { public_key: await useCases.pushKey() }
    res.json(answer)
  })

  router.post('/api/push/subscribe', async (req, res) => {
    const { language, ...device } = parse(pushSubscribeBody, req.body)
    const spoken = language ?? pickLanguage(req.get('accept-language'))
    if (!(await useCases.subscribe(sessionOf(req).name, { ...device, language: spoken }))) {
      throw new HttpError(422, 'invalid', 'endpoint: expected the address of a browser’s push service.', {
        field: 'endpoint',
      })
    }
    const answer: PushDoneAnswer = { success: true, message: 'This device is told from now on.' }
    res.json(answer)
  })

  router.delete('/api/push/subscribe', async (req, res) => {
    const { endpoint } = parse(pushEndpointBody, req.body)
    if (!(await useCases.unsubscribe(sessionOf(req).name, endpoint))) throw notYours()
    const answer: PushDoneAnswer = { success: true, message: 'This device is told nothing any more.' }
    res.json(answer)
  })

  router.get('/api/push/status', async (req, res) => {
    const endpoint = queryText(req, 'endpoint') ?? ''
    const answer: PushStatusAnswer = { subscribed: await useCases.isSubscribed(sessionOf(req).name, endpoint) }
    res.json(answer)
  })

  router.post('/api/push/test', async (req, res) => {
    const { endpoint } = parse(pushEndpointBody, req.body)
    const sent = await useCases.tryPush(sessionOf(req).name, endpoint)
    if (sent === undefined) throw notYours()
    const answer: PushDoneAnswer = {
      success: sent,
      message: sent ? 'A message is on its way.' : 'The push service did not take the message. It is tried again.',
    }
    res.json(answer)
  })

  return router
}

const notYours = () => new HttpError(404, 'not_found', 'endpoint: expected a device of yours.', { field: 'endpoint' })
