import { childText, parseXml } from './xml.js'

/**
 * Whether a bucket may be addressed by its global acceleration host. Acceleration has no effect here; the host
 * is only one more name.
 *
 * @param configuration the stored `AccelerateConfiguration`; `undefined` if none.
 */
export function isAccelerated(configuration: string | undefined): boolean {
  return configuration !== undefined && childText(parseXml(configuration), 'Status') === 'Enabled'
}
