// One instance of a built function, in a process of its own: node lambda-instance.mjs <index.mjs>. The parent sends
// events and gets what the handler answers. Every module that is loaded is noted.
import { randomUUID } from 'node:crypto'
import { registerHooks } from 'node:module'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'

const loaded = []
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) loaded.push(basename(url))
    return next(url, context)
  },
})

const { handler } = await import(pathToFileURL(process.argv[2]).href)

process.on('message', async ({ id, event, remainingMs }) => {
  const endsAt = Date.now() + remainingMs
  const context = {
    functionName: 'stellarr',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:stellarr',
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  }
  const answer = await handler(event, context).then(
    (result) => ({ result }),
    (error) => ({ error: String(error) }),
  )
  process.send({ id, loaded, ...answer })
})
process.send({ ready: true })
