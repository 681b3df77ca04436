// One cold start of the bench: imports a function, hands it one event and writes its status as soon as it answers.
import { writeSync } from 'node:fs'

const { handler } = await import(process.argv[2])
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 30_000 }
const answer = await handler(JSON.parse(process.env.BENCH_EVENT), context)
writeSync(1, `${answer.statusCode} ${answer.body.length}\n`)
process.exit(0)
