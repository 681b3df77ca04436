/**
 * Strict stand-ins for Radarr and Sonarr as readers of import lists, written from what their sources do
 * (src/NzbDrone.Core/ImportLists): the parser of each list type, the *Test* button, and clients with schedule, library
 * and clean step on a test's own clock.
 */
export type { FeedAnswer } from './answers.ts'
export * from './list-reader.ts'
export * from './list-status.ts'
export * from './list-types.ts'
export * from './menus.ts'
export * from './plain-lists.ts'
export * from './program-lists.ts'
export * from './radarr.ts'
export * from './rss-lists.ts'
export * from './sonarr.ts'
export * from './test-button.ts'
export { parseXml } from './xml.ts'
