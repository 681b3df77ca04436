/** Moves all that a household has from store to store: export, import, comparison, and the predecessor's rows. */
export * from './compare-house.ts'
export * from './export-house.ts'
export * from './house.ts'
export * from './import-house.ts'
export { findImport, type ImportOptions, type ImportStart, type OwnThing } from './import-start.ts'
export type * from './ports.ts'
export * from './predecessor.ts'
