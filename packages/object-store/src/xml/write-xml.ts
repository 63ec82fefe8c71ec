import type { XmlElement } from './read-xml.js'
import { encodeXmlText } from './xml-text.js'

/** `<name>…</name>` of text, or of elements. */
export function element(name: string, content: string | readonly XmlElement[] = ''): XmlElement {
  return typeof content === 'string'
    ? { name, children: [], text: content }
    : { name, children: content, text: '' }
}

/** The document in UTF-8, without a declaration: UTF-8 is XML's default. Reading it gives `root` back. */
export function writeXml(root: XmlElement): Uint8Array {
  return new TextEncoder().encode(write(root))
}

function write({ name, children, text }: XmlElement): string {
  return `<${name}>${children.length === 0 ? encodeXmlText(text) : children.map(write).join('')}</${name}>`
}
