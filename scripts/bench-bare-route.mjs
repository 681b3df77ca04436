// The bench's baseline: one Express route that sends a constant string and does nothing else.
import { createRequire } from 'node:module'

const express = createRequire(new URL('../packages/http/package.json', import.meta.url))('express')
const body = 'x'.repeat(Number(process.env.BENCH_BYTES))
const app = express()
app.get('/', (_req, res) => {
  res.type('application/json').send(body)
})
app.listen(Number(process.env.PORT), process.env.HOST)
process.on('SIGTERM', () => process.exit(0))
