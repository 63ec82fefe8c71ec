import { contentType } from './content-type.js'

const images = /^image\/(?:apng|avif|bmp|gif|heic|heif|jpeg|jxl|png|tiff|webp)$/u
const others = /^(?:audio|video)\/[\w.+-]+$|^text\/plain$|^application\/pdf$/u

/**
 * The type under which a browser may show a file on the store's origin, `null` when it may not. Only what can hold no
 * script: HTML, XHTML, SVG and other XML could act there as a page, and set cookies for every port of the host.
 *
 * @param type as the client declared it
 */
export function inlineType(type: string): string | null {
  const plain = contentType(type.replace(/;.*$/su, '').trim()).toLowerCase()
  return images.test(plain) || (others.test(plain) && !plain.endsWith('xml')) ? plain : null
}
