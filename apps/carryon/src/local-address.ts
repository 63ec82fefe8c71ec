import { isWildcardAddress } from './address-config.js'

/**
 * The address at which this machine reaches a server that listens on `host`.
 * @example localAddress('0.0.0.0', 3000) // 'http://127.0.0.1:3000'
 */
export function localAddress(host: string, port: number): string {
  const name = isWildcardAddress(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`
}
