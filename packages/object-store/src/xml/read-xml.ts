import { decodeXmlText } from './xml-text.js'

/** An element of the simple XML of stores: no mixed content, and attributes are ignored. */
export interface XmlElement {
  /** Without a namespace prefix. */
  readonly name: string
  readonly children: readonly XmlElement[]
  /** Decoded text; `''` if there are children. */
  readonly text: string
}

/** The document is not well-formed, or truncated. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

/** Each piece of markup, or a run of text between two. A `>` may stand inside a quoted attribute. */
const pieces =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<!DOCTYPE[^>[]*>|<(\/?)([^\s<>/!?]+)(?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*')*?(\/?)>|[^<]+/gy

interface OpenElement {
  readonly name: string
  readonly children: XmlElement[]
  content: string
}

/**
 * Reads one document. Tolerates a byte-order mark, blanks before the declaration (COS sends them while it joins
 * parts), comments, attributes, namespaces and CDATA. Supports only XML's own entities, so no entity expansion is
 * possible.
 *
 * @throws XmlError for anything that is not one well-formed element
 * @example textOf(readXml('<R a="1"><Key>x&amp;y</Key></R>'), 'Key') // 'x&y'
 */
export function readXml(document: string): XmlElement {
  const text = document.replace(/^\uFEFF/, '')
  const top: OpenElement = { name: '', children: [], content: '' }
  const open: OpenElement[] = [top]
  let end = 0
  for (const match of text.matchAll(pieces)) {
    const [piece, closing, qualifiedName, empty] = match
    end = match.index + piece.length
    const current = open.at(-1) ?? top
    if (qualifiedName === undefined) {
      if (!piece.startsWith('<') || piece.startsWith('<![CDATA[')) current.content += piece
      continue
    }
    const name = qualifiedName.slice(qualifiedName.indexOf(':') + 1)
    if (closing === '/') {
      if (open.length === 1 || current.name !== name) throw new XmlError(`Unexpected </${name}>.`)
      open.pop()
      open.at(-1)?.children.push(close(current))
    } else if (empty === '/') {
      current.children.push({ name, children: [], text: '' })
    } else {
      open.push({ name, children: [], content: '' })
    }
  }
  const [root, ...rest] = top.children
  if (end < text.length || open.length > 1) throw new XmlError('The XML is malformed or cut short.')
  if (root === undefined || rest.length > 0 || top.content.trim() !== '') {
    throw new XmlError('The XML is not one element.')
  }
  return root
}

function close({ name, children, content }: OpenElement): XmlElement {
  return { name, children, text: children.length === 0 ? decodeXmlText(content) : '' }
}

/** All children of that name; may be empty. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name)
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name)
}

/** The text of the first child of one of the names; `undefined` when there is none. */
export function textOf(element: XmlElement, ...names: readonly string[]): string | undefined {
  return element.children.find((child) => names.includes(child.name))?.text
}
