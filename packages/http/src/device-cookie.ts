import type { Request, Response } from 'express'

const NAME = 'stellarr_device'
/** Browsers keep none longer (RFC 6265bis, section 5.5). */
const MAX_AGE_MS = 400 * 86_400_000

/** What a device shows that was signed in before, as it was sent: to be checked. */
export function shownDevice(req: Request): string | undefined {
  return new RegExp(`(?:^|;)\\s*${NAME}=([A-Za-z0-9_.-]{1,100})\\s*(?:;|$)`).exec(req.get('cookie') ?? '')?.[1]
}

/**
 * Lets the browser show it at the next sign-in, and nowhere else.
 * @param isHttps the page was opened over https
 */
export function keepDevice(res: Response, device: string, isHttps: boolean): void {
  res.cookie(NAME, device, {
    httpOnly: true,
    sameSite: 'strict',
    secure: isHttps,
    path: '/api/auth',
    maxAge: MAX_AGE_MS,
  })
}
