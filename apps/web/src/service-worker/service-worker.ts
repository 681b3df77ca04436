/// <reference lib="webworker" />
import { SERVER_PATHS } from '@stellarr/core/rules'
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { handlePush } from './push.ts'

declare const self: ServiceWorkerGlobalScope
/** Put in by the build: every file of the app. */
declare const SHELL_FILES: { url: string; revision: string | null }[]

/** Files of the server that are no pages either. */
const SERVER_FILES = /^\/posters\/|^\/trending-/

// The app's own files and nothing else: an answer of the API is never kept here.
precacheAndRoute(SHELL_FILES)
cleanupOutdatedCaches()
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [SERVER_PATHS, SERVER_FILES] }))

// A newer version waits until somebody says so: a page never changes under a hand.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})
handlePush()
