// npm run password: `stellarr password` under its own name.
import { start } from './start.ts'

start(['password', ...process.argv.slice(2)])
