import { type IRouter, type RequestHandler, Router } from 'express'
import { basicPassword, givenToken, neverKept, requireAdmin, requireToken } from './access.ts'
import type { Route, RouteDeps } from './route.ts'

/** The guards that whole parts of the site share with their routes. */
export interface SharedGuards {
  session: RequestHandler
  feedKey: RequestHandler
}

/** What stands before a route's handler, by the access that it declares. */
function guardsOf({ access, accepts = [] }: Route, deps: RouteDeps, shared: SharedGuards): RequestHandler[] {
  const { tokens } = deps.options
  switch (access) {
    case 'public':
      return []
    case 'session':
      return [shared.session]
    case 'admin':
      return [shared.session, requireAdmin]
    case 'feed key':
      return [shared.feedKey]
    case 'sync token':
      return [requireToken(tokens, accepts, givenToken)]
    case 'webhook token':
      return [neverKept, requireToken(tokens, accepts, (req) => givenToken(req) ?? basicPassword(req))]
  }
}

/** Registers routes at an app or router: guards, the body's reader, the handler. Answers it. */
export function register<Target extends IRouter>(
  target: Target,
  routes: readonly Route[],
  deps: RouteDeps,
  shared: SharedGuards,
): Target {
  for (const route of routes) {
    const { method, path, reader } = route
    const before = [...guardsOf(route, deps, shared), ...(reader ? [reader] : [])]
    target[method](path.replace(/\{(\w+)\}/g, ':$1'), ...before, (req, res) => route.run(req, res, deps))
  }
  return target
}

/** A router of its own: Express answers OPTIONS from what it holds. */
export const routerOf = (routes: readonly Route[], deps: RouteDeps, shared: SharedGuards) =>
  register(Router(), routes, deps, shared)
