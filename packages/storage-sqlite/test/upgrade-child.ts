// Opens a store and says when it is done; with a number, it dies by SIGKILL as it comes to that statement.
import { openSqliteStorage } from '../src/index.ts'
import { onStatements } from './on-statements.ts'

const [path = '', dieAt] = process.argv.slice(2)
onStatements((number) => {
  if (number === Number(dieAt)) process.kill(process.pid, 'SIGKILL')
})
const store = await openSqliteStorage({ path, clock: { now: () => Date.now() } })
await store.close()
process.stdout.write('done')
