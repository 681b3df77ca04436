import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { BadSetting } from './settings.ts'

/** How a text begins that is not in plain UTF-8: Windows' editors and PowerShell's `>` write such. */
const MARKS: readonly [mark: string, encoding: string][] = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
]

/**
 * The text of a file that people write, in UTF-8 or, with a byte order mark, in UTF-16; the mark is left out.
 * @param what names the file. Throws `BadSetting` where parts of it are in another encoding than its beginning
 */
export function decodeText(bytes: Buffer, what: string): string {
  const start = bytes.subarray(0, 2).toString('hex')
  const [, encoding = 'utf-8'] = MARKS.find(([mark]) => mark === start) ?? []
  const text = new TextDecoder(encoding).decode(bytes)
  if (!text.includes('\0')) return text
  throw new BadSetting(
    `${what}: expected text in UTF-8, and some of it is in UTF-16, as PowerShell's ">>" writes it: save it anew in an editor.`,
  )
}

/**
 * Adds the lines of a `.env` file to the environment, which comes first. Nothing happens without one. Throws
 * `BadSetting` when it cannot be read, as by the user of a container.
 */
export function loadEnvFile(folder = '.'): void {
  const path = join(folder, '.env')
  if (!existsSync(path)) return
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    throw new BadSetting('.env: expected a file that can be read by the user that runs this.')
  }
  const lines = parseEnv(decodeText(bytes, '.env'))
  for (const [name, value] of Object.entries(lines)) {
    if (value !== undefined) process.env[name] ??= value
  }
}
