/** How a browser shows a file. */
export type PreviewKind = 'image' | 'video' | 'audio' | 'pdf' | 'text'

const images = /^image\/(?:apng|avif|bmp|gif|heic|heif|jpeg|jxl|png|tiff|webp)$/u
const texts = /^text\/(?:plain|csv|markdown|tab-separated-values)$|^application\/json$/u
const media = /^(audio|video)\/[\w.+-]+$/u

/**
 * How a browser may show a file of this type; `null`: download it. Only types that cannot contain scripts are
 * allowed: shown inline, HTML, XHTML, SVG and other XML could act as a page and set cookies for every port of the
 * host.
 *
 * @param type media type as declared; its parameters are ignored
 */
export function previewKind(type: string): PreviewKind | null {
  const plain = type.replace(/;.*$/su, '').trim().toLowerCase()
  if (plain.endsWith('xml')) return null
  if (images.test(plain)) return 'image'
  if (plain === 'application/pdf') return 'pdf'
  if (texts.test(plain)) return 'text'
  const kind = media.exec(plain)?.[1]
  return kind === 'audio' || kind === 'video' ? kind : null
}
