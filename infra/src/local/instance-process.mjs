// Instances of a built function, in a process of their own: node instance-process.mjs <index.mjs>. The parent sends
// events and gets what the handler answers. Every file that is loaded is noted. Copies are instances of all modules.
import { randomUUID } from 'node:crypto'
import { registerHooks } from 'node:module'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'

const loaded = []
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    // A copy's modules import those of the same copy.
    const copy = context.parentURL === undefined ? '' : new URL(context.parentURL).search
    return found.url.startsWith('file:') && !found.url.includes('?') ? { ...found, url: found.url + copy } : found
  },
  load(url, context, next) {
    if (url.startsWith('file:')) loaded.push(basename(new URL(url).pathname))
    return next(url, context)
  },
})

const index = pathToFileURL(process.argv[2]).href
await import(`${index}?copy=0`)

let calls = 0

process.on('message', async ({ id, copy, event, remainingMs }) => {
  calls += 1
  // The first call pays for the start of the process, too.
  const before = calls === 1 ? undefined : process.cpuUsage()
  const cpuMs = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }
  const endsAt = Date.now() + remainingMs
  const context = {
    functionName: 'stellarr',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:stellarr',
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  }
  // As Lambda does when the time is over.
  let cut
  const over = new Promise((_, reject) => {
    cut = setTimeout(() => reject(new Error('Task timed out')), remainingMs)
  })
  try {
    const { handler } = await import(`${index}?copy=${copy}`)
    const result = await Promise.race([handler(event, context), over])
    process.send({ id, loaded, cpuMs: cpuMs(), result })
  } catch (error) {
    process.send({ id, loaded, cpuMs: cpuMs(), error: String(error) })
  } finally {
    clearTimeout(cut)
  }
})
