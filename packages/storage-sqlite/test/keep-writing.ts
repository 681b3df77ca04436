// Adds requests one after the other and says each number once it is acknowledged. The crash test kills it.
import { aMovieRequest } from '@stellarr/core/testing'
import { openSqliteStorage } from '../src/index.ts'

const [path = '', from = '1'] = process.argv.slice(2)
const storage = await openSqliteStorage({ path, clock: { now: () => Date.now() } })
for (let tmdbId = Number(from); ; tmdbId += 1) {
  await storage.requests.add(aMovieRequest({ tmdbId }))
  await new Promise<void>((resolve) => process.stdout.write(`${tmdbId}\n`, () => resolve()))
}
