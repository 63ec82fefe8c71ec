const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * The characters that a piece of XML content stands for: `&quot;` and `&#34;` are `"`, a CDATA section is what it
 * holds. An entity that XML itself does not define is left as it is written.
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

/** Text as element content: for markup characters and for those that XML parsers change or drop (`\r`, XML 1.0 section 2.11). */
export function encodeXmlText(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
