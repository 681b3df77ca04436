import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import express from 'express'
import { expect, it } from 'vitest'
import { errorHandler } from '../src/http-error.ts'
import { jsonBody } from '../src/parse.ts'

it('cuts a body without an end, and says why before', async () => {
  const read = jsonBody({ limit: 1_000 })
  const app = express()
  app.use(async (req, res, next) => {
    await read(req, res)
    next()
  })
  app.use(
    errorHandler(
      () => undefined,
      () => undefined,
    ),
  )
  const server = createServer(app).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let answer = ''
  socket.on('data', (part) => {
    answer += String(part)
  })
  socket.on('error', () => undefined)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')
  const part = `10000\r\n${'a'.repeat(0x10000)}\r\n`
  let sent = 0
  while (!socket.destroyed && sent < 1_000) {
    sent += 1
    await new Promise((resolve) => socket.write(part, resolve))
  }
  server.close()
  server.closeAllConnections()
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  expect(sent).toBeLessThan(1_000)
})
