// Takes and releases the lock of stores as it is told to, for the tests that take it from elsewhere.
import { lockStore, type StoreLock } from '../src/index.ts'

let lock: StoreLock | undefined
process.on('message', async (path: string) => {
  lock?.release()
  lock = undefined
  let said = 'released'
  if (path !== '') {
    try {
      lock = await lockStore(path, { version: '0.1.0' })
      said = 'held'
    } catch (error) {
      said = error instanceof Error ? error.message : String(error)
    }
  }
  process.send?.(said)
})
process.on('disconnect', () => process.exit(0))
