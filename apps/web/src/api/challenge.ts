import { challengeText } from '@stellarr/core/rules'

const encoder = new TextEncoder()
const toHex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * Derives a key once and proves it for any timestamp: the password itself never leaves the device. Composed letters and
 * those in parts are one password.
 */
export interface Prover {
  prove(timestamp: number): Promise<string>
}

/** With the browser's own cryptography: https and localhost only. */
export async function webCryptoProver(password: string, origin: string, iterations: number): Promise<Prover> {
  const secret = await crypto.subtle.importKey('raw', encoder.encode(password.normalize('NFC')), 'PBKDF2', false, [
    'deriveBits',
  ])
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: encoder.encode(origin), iterations },
    secret,
    256,
  )
  const key = toHex(new Uint8Array(bits))
  return {
    prove: async (timestamp) =>
      toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(challengeText(key, timestamp))))),
  }
}

/** In JavaScript, for plain http, where browsers give no Web Crypto. @param progress called with 0 to 1 */
export async function plainProver(
  password: string,
  origin: string,
  iterations: number,
  progress: (done: number) => void,
): Promise<Prover> {
  const [{ pbkdf2Async }, { sha256 }] = await Promise.all([
    import('@noble/hashes/pbkdf2.js'),
    import('@noble/hashes/sha2.js'),
  ])
  const ticker = estimate(iterations, progress)
  try {
    const key = toHex(
      await pbkdf2Async(sha256, encoder.encode(password.normalize('NFC')), encoder.encode(origin), {
        c: iterations,
        dkLen: 32,
        asyncTick: 20,
      }),
    )
    return { prove: async (timestamp) => toHex(sha256(encoder.encode(challengeText(key, timestamp)))) }
  } finally {
    clearInterval(ticker)
    progress(1)
  }
}

/** The library tells no progress; about 100,000 rounds a second and a half, never claiming the end before it is there. */
function estimate(iterations: number, progress: (done: number) => void) {
  const began = performance.now()
  const whole = (iterations / 100_000) * 1_500
  return setInterval(() => progress(1 - Math.exp((-2 * (performance.now() - began)) / whole)), 100)
}
