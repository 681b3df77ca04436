import { nodeTransport } from '@stellarr/storage-dynamo'
import { AwsV4Signer } from 'aws4fetch'
import { fieldOf } from './field-of.ts'

/** One attempt's time; a second one is made where the first got no answer. */
const ATTEMPT_MS = 2_000

/** Reads a parameter of SSM, decrypted (Systems Manager API, GetParameter). Never names its value in an error. */
export async function loadParameter(name: string): Promise<string> {
  const { AWS_REGION: region = 'us-east-1', AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env
  const url = new URL(process.env.SSM_ENDPOINT || `https://ssm.${region}.amazonaws.com/`)
  const body = JSON.stringify({ Name: name, WithDecryption: true })
  const transport = nodeTransport()
  const attempt = async () => {
    const signer = new AwsV4Signer({
      method: 'POST',
      url: url.href,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
      body,
      service: 'ssm',
      region,
      accessKeyId: AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    })
    const headers = Object.fromEntries((await signer.sign()).headers)
    return transport.send({ method: 'POST', url, headers, body, timeoutMs: ATTEMPT_MS })
  }
  try {
    const first = await attempt().catch(() => undefined)
    const answer = first === undefined || first.status >= 500 ? await attempt() : first
    return valueIn(answer.status, answer.body)
  } catch (error) {
    throw new Error(
      `SETTINGS_PARAMETER: ${name} cannot be read (${error instanceof Error ? error.message : 'unknown'}).`,
    )
  } finally {
    transport.close()
  }
}

function valueIn(status: number, body: string): string {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    // What JSON.parse says would quote the body.
    throw new Error(`an answer of status ${status} that is no JSON`)
  }
  const value = fieldOf(fieldOf(answer, 'Parameter'), 'Value')
  if (status === 200 && typeof value === 'string') return value
  throw new Error(String(fieldOf(answer, '__type') ?? `an answer of status ${status} without a value`))
}
