/** What the webhook plugin makes of texts, and how they are read back. */

/** `{"Name": "…"` and `, "Year": …`: within a text the plugin puts a backslash before each quote, so none looks so. */
const FIELD = /[{,]\s*"(\w{1,64})"\s*:\s*/g

function readValue(written: string): unknown {
  if (written.length < 2 || !written.startsWith('"') || !written.endsWith('"')) return JSON.parse(written)
  return written.slice(1, -1)
}

/**
 * Reads a body that is no JSON because a template has put texts into it as they are, with line ends and backslashes: one
 * object of texts, numbers and the like. Texts keep what the plugin wrote, also before quotes. Undefined where it is
 * anything else; never throws.
 */
export function readTemplateBody(body: string): unknown {
  const text = body.trim()
  const fields = [...text.matchAll(FIELD)]
  if (fields[0]?.index !== 0 || !text.endsWith('}')) return undefined
  try {
    return Object.fromEntries(
      fields.map((field, n) => {
        const end = fields[n + 1]?.index ?? text.length - 1
        return [field[1], readValue(text.slice(field.index + field[0].length, end).trim())]
      }),
    )
  } catch {
    return undefined
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(?:(\d{1,7})|x([\da-f]{1,6})));/gi

/**
 * A text out of a template with two braces, which writes `&`, quotes and maybe every accent as HTML. One with an `&` that
 * begins no such word was never written so, and stays as it is.
 */
export function withoutHtml(text: string): string {
  const decoded = text.replace(ENTITY, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    // Some write the two halves of a character one by one.
    return code <= 0xffff ? String.fromCharCode(code) : code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
  return text.replace(ENTITY, '').includes('&') ? text : decoded
}
