import { EXIT, type ExitCode } from './errors.ts'

/** Why a call got no answer, in words that follow the server's name, and whether trying again may help. */
export interface Unanswered {
  why: string
  again: boolean
  exit: ExitCode
}

const TLS = /CERT|^ERR_TLS|^ERR_SSL|^EPROTO|^UNABLE_TO_/

/**
 * What a failed fetch means.
 *
 * @param option the option that holds the address
 */
export function explain(error: unknown, option: string): Unanswered {
  const { cause } = error instanceof Error ? error : {}
  const code = codeOf(cause) ?? codeOf(error)
  if (code === 'ENOTFOUND') {
    return { why: `has an unknown host name: check ${option}.`, again: false, exit: EXIT.failed }
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code ?? '')) {
    return { why: `speaks no https at that port: check ${option} (http://?).`, again: false, exit: EXIT.failed }
  }
  if (code !== undefined && TLS.test(code)) {
    const why = `has a certificate that cannot be trusted (${code}): use the host name that it names in ${option}, http:// at home, or NODE_EXTRA_CA_CERTS.`
    return { why, again: false, exit: EXIT.failed }
  }
  if (code?.startsWith('HPE_')) {
    return { why: `does not speak http at that port: check ${option} (https://?).`, again: false, exit: EXIT.failed }
  }
  if (cause instanceof Error && cause.message === 'bad port') {
    return { why: `cannot be called at that port: check ${option}.`, again: false, exit: EXIT.usage }
  }
  return { why: `cannot be reached (${code ?? 'no answer'}): check ${option}.`, again: true, exit: EXIT.failed }
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
