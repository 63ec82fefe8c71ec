import { childText, parseXml } from './xml.js'

/**
 * Whether a bucket may be called by its host of global acceleration. There is nothing to make faster here: the host is one
 * more name.
 *
 * @param configuration the `AccelerateConfiguration` as it was put; `undefined` for none.
 */
export function isAccelerated(configuration: string | undefined): boolean {
  return configuration !== undefined && childText(parseXml(configuration), 'Status') === 'Enabled'
}
