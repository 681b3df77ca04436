import { join } from 'node:path'
import { LANGUAGES, TRENDING_KINDS, trendingFileName, type UseCases } from '@stellarr/core'
import express, { Router } from 'express'
import type { AppOptions } from '../app-options.ts'
import { HttpError } from '../http-error.ts'
import { cacheControlOf, FILE_ENDING } from '../site-files.ts'

const TRENDING_FILES = new Set(
  TRENDING_KINDS.flatMap((kind) => LANGUAGES.map((language) => trendingFileName(kind, language))),
)

/** The public part: trending files, drawn posters and the web app with its fallback page. */
export function siteRoutes(useCases: UseCases, options: AppOptions): Router {
  const router = Router()

  router.get('/:file', async (req, res, next) => {
    const name = req.params.file
    if (!name.startsWith('trending-') || !name.endsWith('.json')) return next()
    const body = TRENDING_FILES.has(name) ? await useCases.loadTrending(name) : undefined
    if (body === undefined) throw new HttpError(404, 'not_found', 'There is no such trending file (yet).')
    // The sample's are to go as soon as there is a key.
    const isSample = useCases.catalogueKind() === 'sample'
    res.setHeader('Cache-Control', isSample ? 'no-cache' : 'public, max-age=3600')
    res.type('application/json').send(body)
  })

  router.get('/posters/:name', async (req, res) => {
    const svg = await options.drawPoster?.(req.params.name)
    if (svg === undefined) throw new HttpError(404, 'not_found', 'There is no such poster.')
    res.setHeader('Cache-Control', 'public, max-age=86400')
    res.type('image/svg+xml').send(svg)
  })

  const { siteDir } = options
  if (siteDir === undefined) return router
  router.use(
    express.static(siteDir, {
      etag: true,
      index: false,
      setHeaders: (res, path) => res.setHeader('Cache-Control', cacheControlOf(path)),
    }),
  )
  router.get('/{*path}', (req, res, next) => {
    // A missing file is a 404; a page of the app is index.html, whatever its path.
    if (FILE_ENDING.test(req.path)) return next()
    res.setHeader('Cache-Control', 'no-cache')
    res.sendFile('index.html', { root: join(siteDir) })
  })
  return router
}
