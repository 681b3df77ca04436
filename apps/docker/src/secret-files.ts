import { readFileSync } from 'node:fs'
import { decodeText } from '@stellarr/http/env-file'
import { BadSetting, type Environment, SECRET_SETTINGS } from '@stellarr/http/settings'

/** Where a secret's file is named, as Docker's secrets are given. */
export const fileSettingOf = (name: string): string => `${name}_FILE`

/**
 * The environment with each secret that `NAME_FILE` names a file for, without the line's end. Throws `BadSetting` for a
 * file that cannot be read or holds no single line, and where the secret is given both ways.
 */
export function withSecretFiles(env: Environment): Environment {
  const read: Record<string, string> = {}
  for (const name of SECRET_SETTINGS) {
    const fileName = fileSettingOf(name)
    const path = env[fileName]?.trim()
    if (!path) continue
    if (env[name]?.trim()) throw new BadSetting(`${name} and ${fileName}: expected one of them, not both.`)
    read[name] = readSecret(fileName, path)
  }
  return { ...env, ...read }
}

function readSecret(fileName: string, path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new BadSetting(`${fileName}: expected a file that can be read (${path}: ${code}).`)
  }
  const value = decodeText(bytes, fileName).trim()
  if (value === '' || /[\r\n]/.test(value)) throw new BadSetting(`${fileName}: expected one line in ${path}.`)
  return value
}
