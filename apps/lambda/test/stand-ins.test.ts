import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AwsV4Signer } from 'aws4fetch'
import { afterEach, expect, it, vi } from 'vitest'

const standIn = (file: string) => import(pathToFileURL(join(import.meta.dirname, '../../../scripts', file)).href)

afterEach(() => {
  vi.unstubAllGlobals()
})

it.each([
  ['dynamodb', { 'content-type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'DynamoDB_20120810.Query' }],
  ['s3', { 'x-amz-content-sha256': 'abc', 'Cache-Control': 'public,  max-age=3600', host: 'ours' }],
])('signs for %s with the stand-ins for Headers and Web Crypto as with the real ones', async (service, headers) => {
  const signed = async () => {
    const answer = await new AwsV4Signer({
      method: 'POST',
      url: 'https://example.org/a%20path?b=c&b=a',
      headers,
      body: '{"text":"漢字"}',
      service,
      region: 'eu-central-1',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'an-example',
      sessionToken: 'a-session',
      datetime: '20260102T030405Z',
    }).sign()
    return Object.fromEntries(answer.headers)
  }
  const real = await signed()
  expect(real.authorization).toContain('Signature=')
  vi.stubGlobal('Headers', (await standIn('headers-stand-in.mjs')).Headers)
  expect(await signed()).toEqual(real)
  vi.stubGlobal('crypto', (await standIn('signing-crypto-stand-in.mjs')).crypto)
  expect(await signed()).toEqual(real)
})

it('decodes bodies with the stand-in for iconv-lite, and names a charset that it refuses as iconv-lite does', async () => {
  const { getDecoder } = (await standIn('iconv-lite-stand-in.cjs')).default
  const decoder = getDecoder('UTF-8')
  const bytes = Buffer.from('é漢')
  // A character may come in two parts.
  expect(decoder.write(bytes.subarray(0, 1)) + decoder.write(bytes.subarray(1)) + decoder.end()).toBe('é漢')
  expect(() => getDecoder('utf-7')).toThrow(/^Encoding not recognized: /)
})
