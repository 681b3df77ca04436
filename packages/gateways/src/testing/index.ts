/** Stand-ins for the services that we call, on loopback. */
export * from './fake-push.ts'
export * from './fake-tmdb.ts'
export * from './fake-tvdb.ts'
