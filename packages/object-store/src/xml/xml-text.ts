const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Decodes XML content: `&quot;` and `&#34;` become `"`, a CDATA section its content. An entity that XML does not
 * define is left unchanged.
 */
export function decodeXmlText(content: string): string {
  return content.replace(
    /<!\[CDATA\[([\s\S]*?)\]\]>|&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi,
    (
      written: string,
      cdata: string | undefined,
      hex: string | undefined,
      decimal: string | undefined,
      name: string | undefined,
    ) => {
      if (cdata !== undefined) return cdata
      if (name !== undefined) return named[name] ?? written
      const point = hex === undefined ? parseInt(decimal ?? '', 10) : parseInt(hex, 16)
      return point <= 0x10ffff ? String.fromCodePoint(point) : written
    },
  )
}

/**
 * Encodes text as element content: escapes markup characters and those that XML parsers change or drop (`\r`, XML 1.0
 * section 2.11).
 */
export function encodeXmlText(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
