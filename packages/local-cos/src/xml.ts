/**
 * Escapes text for element content or an attribute (XML 1.0 section 2.4). Control characters that XML forbids
 * are dropped.
 */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"\r]/g, (character) => entityOf[character] ?? character)
}
const entityOf: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

/** Content of an element: text, or child elements in order. `undefined` children are left out. */
export type XmlContent = string | number | boolean | readonly (string | undefined)[]

/** Formats an element: `element('Key', 'a&b')` is `<Key>a&amp;b</Key>`; an array holds formatted elements. */
export function element(name: string, content: XmlContent, attributes = ''): string {
  const inner = Array.isArray(content) ? content.join('') : escapeXml(String(content))
  return `<${name}${attributes}>${inner}</${name}>`
}

export const xmlDeclaration = '<?xml version="1.0" encoding="utf-8" ?>\n'

export interface XmlElement {
  readonly name: string
  readonly children: readonly XmlElement[]
  /** Text directly inside the element, with entities decoded, trimmed. */
  readonly text: string
}

export class XmlSyntaxError extends Error {
  override readonly name = 'XmlSyntaxError'
}

interface OpenElement {
  readonly name: string
  readonly children: XmlElement[]
  text: string
}

/** Deeper than any request of the protocol; limits the cost of a hostile body. */
const maxDepth = 16
/** More than the largest request needs: 10 000 parts with number, ETag and optional client additions. */
const maxElements = 60_000
const token =
  /<\?[^]*?\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y

/**
 * Parses the small XML documents of request bodies. DTDs are not supported, so entities can neither expand nor
 * refer to external data; attributes are skipped.
 *
 * @throws {@link XmlSyntaxError}
 */
export function parseXml(source: string): XmlElement {
  const root: OpenElement = { name: '', children: [], text: '' }
  const open: OpenElement[] = [root]
  let elements = 0
  token.lastIndex = source.startsWith('\ufeff') ? 1 : 0
  while (token.lastIndex < source.length) {
    const match = token.exec(source)
    if (match === null) throw new XmlSyntaxError('not well-formed')
    const [, cdata, closing, opening, , selfClosing, text] = match
    const current = open.at(-1) ?? root
    if (cdata !== undefined) current.text += cdata
    else if (text !== undefined) current.text += decodeEntities(text)
    else if (opening !== undefined) {
      if (open.length > maxDepth) throw new XmlSyntaxError('nested too deep')
      if (++elements > maxElements) throw new XmlSyntaxError(`more than ${maxElements} elements`)
      const child: OpenElement = { name: opening, children: [], text: '' }
      current.children.push(child)
      if (selfClosing === '') open.push(child)
    } else if (closing !== undefined) {
      if (open.length === 1 || current.name !== closing) throw new XmlSyntaxError(`unexpected </${closing}>`)
      current.text = current.text.trim()
      open.pop()
    }
  }
  const [document, ...others] = root.children
  if (open.length !== 1 || document === undefined || others.length > 0 || root.text.trim() !== '') {
    throw new XmlSyntaxError('not exactly one root element')
  }
  return document
}

function decodeEntities(text: string): string {
  return text.replace(/&([^;]{0,10});?/g, (whole, name: string) => {
    const numeric = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name)
    if (numeric !== null && whole.endsWith(';')) {
      const point = numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16)
      if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point)
    }
    const character = characterOf[name]
    if (character === undefined || !whole.endsWith(';')) throw new XmlSyntaxError(`unknown entity ${whole}`)
    return character
  })
}
const characterOf: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Formats an element. Text beside child elements is left out. */
export function formatXml({ name, children, text }: XmlElement): string {
  return element(name, children.length === 0 ? text : children.map(formatXml))
}

/** Text of the first child of that name, or `undefined`. */
export function childText(parent: XmlElement, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text
}

/** All children of that name, in order. */
export function childrenOf(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name)
}

/** Texts of all children of that name, in order. */
export function childTexts(parent: XmlElement, name: string): readonly string[] {
  return childrenOf(parent, name).map((child) => child.text)
}

/** Returns a copy of an element with a change applied to all elements at a path below it. */
export function atPath(
  parent: XmlElement,
  [name, ...rest]: readonly string[],
  change: (found: XmlElement) => XmlElement,
): XmlElement {
  if (name === undefined) return change(parent)
  const children = parent.children.map((child) => (child.name === name ? atPath(child, rest, change) : child))
  return { ...parent, children }
}
