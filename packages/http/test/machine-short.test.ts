import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, describe, expect, it } from 'vitest'
import { isHost } from '../src/host.ts'
import { errorHandler } from '../src/http-error.ts'

const siteDir = mkdtempSync(join(tmpdir(), 'stellarr-short-'))
writeFileSync(join(siteDir, 'a.txt'), 'a'.repeat(10))
afterAll(() => rmSync(siteDir, { recursive: true }))

/** Listens, takes every file descriptor that is left but a few, and asks for a file while it answers. */
const CHILD = `
const { createApp } = await import(process.argv[1])
const { openSync } = await import('node:fs')
const { get } = await import('node:http')
const app = await createApp(process.argv[2])
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address()
  const ask = (path) => new Promise((resolve) => {
    const socket = get({ port, host: '127.0.0.1', path }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve([answer.statusCode, answer.headers['retry-after'], answer.headers['cache-control']]))
    })
    socket.on('socket', (line) => line.on('connect', () => {
      try { for (;;) openSync('/dev/null') } catch {}
    }))
  })
  ask('/a.txt').then((told) => { console.log(JSON.stringify(told)); process.exit(0) })
})
`

describe('what a machine is short of', () => {
  it.each(['EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT', 'EIO', 'ENOMEM'])(
    'is 503 for %s, also within another error, and is not kept',
    async (code) => {
      const app = express()
      app.set('etag', false)
      app.get('/', (_req, res) => {
        res.setHeader('Cache-Control', 'public, max-age=31536000')
        res.setHeader('ETag', '"x"')
        throw new Error('not read', { cause: Object.assign(new Error('x'), { code }) })
      })
      app.use(
        errorHandler(
          () => undefined,
          () => undefined,
        ),
      )
      const server = app.listen(0)
      const address = server.address()
      const answer = await fetch(`http://localhost:${typeof address === 'object' ? address?.port : 0}/`)
      server.close()
      expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('etag')]).toEqual([503, '5', null])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(await answer.json()).toMatchObject({ code: 'machine_short' })
    },
  )

  it('is 503 for a file of the web app while no file descriptor is free', async () => {
    const made = join(siteDir, 'app.mjs')
    const [handler, lib] = [join(import.meta.dirname, '../src/http-error.ts'), import.meta.resolve('express')]
    writeFileSync(
      made,
      `import express from ${JSON.stringify(lib)}
import { errorHandler } from ${JSON.stringify(handler)}
export async function createApp(dir) {
  const app = express()
  app.use(express.static(dir, { setHeaders: (res) => res.setHeader('Cache-Control', 'public, max-age=31536000, immutable') }))
  app.use(errorHandler(() => {}, () => {}))
  return app
}`,
    )
    const command = `ulimit -n 64; exec "$0" "$@"`
    const child = spawn('sh', ['-c', command, process.execPath, '--input-type=module', '-e', CHILD, made, siteDir])
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
    await new Promise((resolve) => child.once('close', resolve))
    expect(output.trim()).toBe(JSON.stringify([503, '5', 'no-store']))
  })
})

it.each(['', 'a b', 'a:99999', 'a..b', 'a@b', '[::1', 'b\u00fcro', `${'x'.repeat(260)}`])('no Host is %j', (text) => {
  expect(isHost(text)).toBe(false)
})
