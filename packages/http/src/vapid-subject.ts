import { isIP } from 'node:net'

/** Names that no push service can reach: for tests and examples (RFC 6761, RFC 2606), and those of home networks. */
const UNREACHABLE = /(^|\.)(localhost|local|invalid|test|example|internal|lan|home|home\.arpa|onion)$/i

/** Whether a name can be one of the internet's. */
const isPublicName = (host: string): boolean =>
  isIP(host.replace(/^\[|\]$/g, '')) === 0 && /^[^.]+(\.[^.]+)+$/.test(host) && !UNREACHABLE.test(host)

/**
 * Whether a push service takes this as whom to write to: a mail address or an https address of a name that can be
 * reached. Apple answers 403 (BadJwtToken) to messages with another, such as `mailto:me@localhost`
 * (github.com/web-push-libs/web-push/issues/947).
 */
export function isPushSubject(value: string): boolean {
  const mail = /^mailto:[^\s<>@,;"]+@([^\s<>@,;"?]+)$/.exec(value)
  if (mail) return isPublicName(mail[1] ?? '')
  return /^https:\/\/\S+$/.test(value) && URL.canParse(value) && isPublicName(new URL(value).hostname)
}

/** Whom push services may write to where nobody says: the address people open, else one that is nobody's. */
export const defaultPushSubject = (baseUrls: readonly string[]): string =>
  baseUrls.find(isPushSubject) ?? 'mailto:stellarr@example.org'
