import { isEveryAddress } from './address-config.js'

/**
 * Where this machine itself reaches a server that listens on `host`.
 * @example addressHere('0.0.0.0', 3000) // 'http://127.0.0.1:3000'
 */
export function addressHere(host: string, port: number): string {
  const name = isEveryAddress(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`
}
