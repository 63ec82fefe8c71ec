import { downloadName } from './file-name.js'

/**
 * A `Content-Disposition` value (RFC 6266) that makes a browser save or show the file under its own name. The
 * value is always ASCII; a name with other characters is sent as `filename*` (RFC 8187).
 *
 * @example contentDisposition('attachment', '假期.mp4')
 * // attachment; filename="__.mp4"; filename*=UTF-8''%E5%81%87%E6%9C%9F.mp4
 */
export function contentDisposition(type: 'attachment' | 'inline', name: string): string {
  const full = downloadName(name)
  // Recipients disagree on percent signs and escapes in "filename", so it has neither (RFC 6266, appendix D).
  const plain = full.replace(/[^\x20-\x7e]|["\\%]/gu, '_')
  if (plain === full) return `${type}; filename="${plain}"`
  return `${type}; filename="${plain}"; filename*=UTF-8''${extValue(full)}`
}

/** Also encodes what encodeURIComponent leaves but attr-char does not include (RFC 8187, 3.2.1). */
function extValue(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
