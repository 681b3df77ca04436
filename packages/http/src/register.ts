import type { IRouter } from 'express'
import { type Guard, givenToken, neverKept, requireAdmin, requireToken, webhookToken } from './access.ts'
import { noteRoute } from './metrics.ts'
import type { Route, RouteDeps } from './route.ts'
import { requireRightApp } from './wrong-address.ts'

/** The guards that whole parts of the site share with their routes. */
export interface SharedGuards {
  session: Guard
  feedKey: Guard
}

/** What stands before a route's handler, by the access that it declares. */
function guardsOf({ access, accepts = [], feed }: Route, deps: RouteDeps, shared: SharedGuards): Guard[] {
  const { tokens, baseUrls } = deps.options
  switch (access) {
    case 'public':
      return []
    case 'session':
      return [shared.session]
    case 'admin':
      return [shared.session, requireAdmin]
    case 'feed key':
      return feed === undefined ? [shared.feedKey] : [shared.feedKey, requireRightApp(feed, baseUrls)]
    case 'sync token':
      return [requireToken(tokens, accepts, givenToken)]
    case 'webhook token':
      return [neverKept, requireToken(tokens, accepts, webhookToken)]
  }
}

/**
 * Makes what registers routes at an app or router and answers it: guards, the body's reader, the handler. Guards run
 * inside the handler, since Express compiles a path anew for each function that it is given.
 */
export const registrar =
  (deps: RouteDeps, shared: SharedGuards) =>
  <Target extends IRouter>(target: Target, routes: readonly Route[]): Target => {
    for (const route of routes) {
      const guards = guardsOf(route, deps, shared)
      target[route.method](route.path.replace(/\{(\w+)\}/g, ':$1'), async (req, res) => {
        noteRoute(res, route.path)
        for (const guard of guards) await guard(req, res)
        await route.reader?.(req, res)
        await route.run(req, res, deps)
      })
    }
    return target
  }
