/** An element of a parsed document: its name with prefix, its own text with that of all below it, its children. */
export interface XmlElement {
  name: string
  text: string
  children: XmlElement[]
}

const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y
const ATTRIBUTE = /\s+([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What XML 1.0 allows in a document (section 2.2). */
const isAllowed = (code: number) =>
  code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd)

function checkCharacters(text: string): void {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (!isAllowed(code) && !(code >= 0x10000 && code <= 0x10ffff)) {
      throw new Error(`the character U+${code.toString(16)} is not allowed`)
    }
  }
}

function decode(text: string): string {
  const plain = text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const code = /^#(?:(\d+)|x([\da-fA-F]+))$/.exec(name)
    const value = code
      ? String.fromCodePoint(code[1] === undefined ? Number.parseInt(code[2] ?? '', 16) : Number(code[1]))
      : ENTITIES[name]
    if (value === undefined || !whole.endsWith(';')) throw new Error(`the entity ${whole}`)
    return value
  })
  checkCharacters(plain)
  return plain
}

/**
 * Parses an XML document strictly: what is not well-formed throws, and so do a document type, processing instructions
 * and any entity but XML's own five. The clients mend some of that before they parse; a feed of ours must not need it.
 */
export function parseXml(document: string): XmlElement {
  let at = 0

  const fail = (what: string): never => {
    throw new Error(`XML: ${what} at ${at}`)
  }

  function take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at
    const match = pattern.exec(document)
    if (match) at += match[0].length
    return match ?? undefined
  }

  function upTo(end: string): string {
    const found = document.indexOf(end, at)
    if (found < 0) fail(`no ${end}`)
    const text = document.slice(at, found)
    at = found + end.length
    return text
  }

  function startsWith(text: string): boolean {
    if (!document.startsWith(text, at)) return false
    at += text.length
    return true
  }

  function skipComments(): void {
    take(/\s*/y)
    while (startsWith('<!--')) {
      if (upTo('-->').includes('--')) fail('-- in a comment')
      take(/\s*/y)
    }
  }

  function element(prefixes: ReadonlySet<string>): XmlElement {
    if (!startsWith('<')) fail('no element')
    const name = take(NAME)?.[0] ?? fail('no name')
    const attributes = new Set<string>()
    const known = new Set(prefixes)
    for (let match = take(ATTRIBUTE); match; match = take(ATTRIBUTE)) {
      const [, attribute = ''] = match
      if (attributes.has(attribute)) fail(`${attribute} twice`)
      attributes.add(attribute)
      decode(match[2] ?? match[3] ?? '')
      if (attribute.startsWith('xmlns:')) known.add(attribute.slice(6))
    }
    for (const used of [name, ...attributes]) {
      const prefix = used.includes(':') ? (used.split(':')[0] ?? '') : 'xml'
      if (!known.has(prefix)) fail(`the prefix ${prefix} is not declared`)
    }
    take(/\s*/y)
    if (startsWith('/>')) return { name, text: '', children: [] }
    if (!startsWith('>')) fail(`the tag ${name} does not end`)
    return content(name, known)
  }

  function content(name: string, prefixes: ReadonlySet<string>): XmlElement {
    const found: XmlElement = { name, text: '', children: [] }
    for (;;) {
      const text = take(/[^<]+/y)?.[0] ?? ''
      if (text.includes(']]>')) fail(']]> in text')
      found.text += decode(text)
      if (startsWith('</')) {
        if (take(NAME)?.[0] !== name) fail(`${name} is not closed`)
        take(/\s*/y)
        if (!startsWith('>')) fail(`the end of ${name} does not end`)
        return found
      }
      if (startsWith('<![CDATA[')) {
        const data = upTo(']]>')
        checkCharacters(data)
        found.text += data
      } else if (document.startsWith('<!--', at)) skipComments()
      else if (at >= document.length) fail(`${name} is not closed`)
      else {
        const child = element(prefixes)
        found.children.push(child)
        found.text += child.text
      }
    }
  }

  checkCharacters(document)
  take(/<\?xml\s+version="1\.0"(?:\s+encoding="utf-8")?(?:\s+standalone="(?:yes|no)")?\s*\?>/iy)
  skipComments()
  const root = element(new Set(['xml', 'xmlns']))
  skipComments()
  if (at < document.length) fail('something after the document')
  return root
}
