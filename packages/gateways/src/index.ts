export { drawPoster } from './draw-poster.ts'
export { sampleCatalog } from './sample-catalog.ts'
export { tmdbCatalog } from './tmdb-catalog.ts'
export { type TvdbResolverOptions, tvdbResolver } from './tvdb-resolver.ts'
export {
  makeVapidKeys,
  type PushCall,
  type VapidKeys,
  type WebPushLibrary,
  type WebPushOptions,
  webPushNotifier,
} from './web-push-notifier.ts'
export { webPushService } from './web-push-service.ts'
