import type { FeedName, Session, UseCases } from '@stellarr/core'
import type { Request, Response } from 'express'
import type * as v from 'valibot'
import { sessionOf } from './access.ts'
import type { AppOptions, TokenName } from './app-options.ts'
import type { FeedSender } from './feed-sender.ts'
import { parse, type QueryReader } from './parse.ts'
import type { ProxyWatch } from './proxy-watch.ts'
import type { RevisionCache } from './revision-cache.ts'

/** Who may call a route. `admin` and `session` are people, the others bring a key or token of their own. */
export type Access = 'public' | 'session' | 'admin' | 'feed key' | 'sync token' | 'webhook token'

/** What one deployment gives to every handler. */
export interface RouteDeps {
  useCases: UseCases
  options: AppOptions
  cache: RevisionCache
  sendFeed: FeedSender
  proxies: ProxyWatch
  /** The API's own description, made when somebody asks for it. */
  describe: () => Promise<object>
}

/** A route as Express, the OpenAPI printer and tests take it. */
export interface Route extends Described {
  body: v.GenericSchema | undefined
  answer: v.GenericSchema | undefined
  /** Names of the query's values. */
  query: readonly string[]
  /** Reads what was asked, calls the handler and sends its answer. Rejects with what the handler throws. */
  run: (req: Request, res: Response, deps: RouteDeps) => Promise<void>
}

interface Described {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As OpenAPI writes it: `/api/title/{type}/{id}`. */
  path: string
  /** One sentence for the API's description. */
  summary: string
  access: Access
  /** Behind a sync or webhook token: whose token opens it, the one named in a refusal first. Without it nobody comes in. */
  accepts?: readonly TokenName[]
  /** Behind a feed key: whose list it is, or whose menu. The other client is refused here. */
  feed?: FeedName
  /** Reads the body once access is given; below /api it is read before. */
  reader?: (req: Request, res: Response) => Promise<void>
  /** Answered whatever the body is; below /api alone, where another body than JSON is refused. */
  ignoresBody?: boolean
  /** Statuses other than 200. */
  errors: readonly number[]
}

type InPath<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | InPath<Rest> : never
type PathValues<Path extends string> = Record<InPath<Path>, string>
type QueryReaders = Record<string, QueryReader<unknown>>
type SchemaOf<Output> = v.GenericSchema<unknown, Output>

/** What a handler is given, read and checked. */
interface Call<Who extends Access, Params, Query extends QueryReaders, Body> {
  req: Request
  params: Params
  query: { [Name in keyof Query]: ReturnType<Query[Name]> }
  body: Body
  session: Who extends 'session' | 'admin' ? Session : undefined
}

interface Declared<Path extends string, Who extends Access, Params, Query extends QueryReaders, Body, Answer>
  extends Described {
  path: Path
  access: Who
  /** Reads the path's values; they stay texts without it. Throws 422. */
  params?: (inPath: PathValues<Path>) => Params
  /** Reads each value of the query. */
  query?: Query
  /** A JSON body. */
  body?: SchemaOf<Body>
  /** What a 200 holds; anything when it is not described. */
  answer?: SchemaOf<Answer>
}

/** A handler that gives its answer: checked against `answer` (a literal in it needs `as const`) and sent as JSON. */
interface Answers<Asked, Answer> {
  handle: (call: Asked, deps: RouteDeps) => NoInfer<Answer> | Promise<NoInfer<Answer>>
  send?: never
}

/** A handler that sends by itself, and gives nothing back: kept bytes, 304, another type than JSON. */
interface Sends<Asked> {
  send: (call: Asked & { res: Response }, deps: RouteDeps) => void | Promise<void>
  handle?: never
}

/**
 * Declares a route, once: it is registered, guarded, validated and described from this. Values are read in the order
 * path, body, query, and the first that is wrong is a 422 (see `parse`). Throw `HttpError` for what `errors` names.
 */
export function route<
  Path extends string,
  Who extends Access,
  Params = PathValues<Path>,
  Query extends QueryReaders = Record<never, never>,
  Body = undefined,
  Answer = object,
>(
  declared: Declared<Path, Who, Params, Query, Body, Answer> &
    (Answers<Call<Who, Params, Query, Body>, Answer> | Sends<Call<Who, Params, Query, Body>>),
): Route {
  const { handle, send, params, query, body, answer, ...described } = declared
  const readers = Object.entries(query ?? {})
  const isPersonal = described.access === 'session' || described.access === 'admin'
  return {
    ...described,
    body,
    answer,
    query: readers.map(([name]) => name),
    async run(req, res, deps) {
      // Each part is what its own declaration makes of it, which its type says and TypeScript cannot follow.
      const call = {
        req,
        params: params ? params(req.params as PathValues<Path>) : req.params,
        body: body && parse(body, req.body),
        query: Object.fromEntries(readers.map(([name, read]) => [name, read(req.query[name], name)])),
        session: isPersonal ? sessionOf(req) : undefined,
      } as Call<Who, Params, Query, Body>
      if (send) await send({ ...call, res }, deps)
      else res.json(await handle(call, deps))
    },
  }
}
