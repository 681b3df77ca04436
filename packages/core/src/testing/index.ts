export * from './builders.ts'
export * from './fixed-clock.ts'
export * from './memory-storage.ts'
export * from './storage-contract.ts'
