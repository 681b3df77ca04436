import type { UseCases } from '@stellarr/core'
import { Router } from 'express'
import { HttpError } from '../http-error.ts'
import { parseTitleKey, queryFlag } from '../parse.ts'

/** What only the operator may do; behind `requireSession` and `requireOperator`. */
export function operatorRoutes(useCases: UseCases): Router {
  const router = Router()

  router.delete('/api/operator/request/:type/:id', async (req, res) => {
    const key = parseTitleKey(req)
    if (queryFlag(req, 'confirm') !== true) {
      throw new HttpError(
        409,
        'needs_confirmation',
        'This takes the title out of the feeds for good. A client with Clean Library on may then remove it with its files. Repeat with confirm=true to do it.',
        { field: 'confirm' },
      )
    }
    if (!(await useCases.removeRequest(key))) throw new HttpError(404, 'not_found', 'There is no such request.')
    res.json({ success: true, message: 'Removed.' })
  })

  router.post('/api/operator/confirm-store', async (_req, res) => {
    await useCases.guard.confirm()
    res.json({ success: true, message: 'This store is confirmed: the feeds are open.' })
  })

  return router
}
