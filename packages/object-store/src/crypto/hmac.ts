import { StoreError } from '../store-error.js'

export type HashName = 'SHA-1' | 'SHA-256'
type Bytes = Uint8Array<ArrayBuffer>

/** A key for {@link hmac}: WebCrypto's key, or in Node the secret itself. */
export type HmacKey = CryptoKey | { readonly hash: HashName; readonly secret: Bytes }

/** The parts of Node's `crypto` that are used. */
interface NodeCrypto {
  createHash(name: string): NodeDigest
  createHmac(name: string, secret: Uint8Array): NodeDigest
}
interface NodeDigest {
  update(text: string): NodeDigest
  digest(): Bytes
}

const utf8 = new TextEncoder()

/**
 * Node's `crypto` instead of WebCrypto, which passes each text to a thread and back: 60 µs of CPU time in Node 20
 * instead of 4 µs, and a server signs for all users. `getBuiltinModule` loads it without an `import`, which browser
 * bundlers would fail on.
 */
const node = (
  globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
).process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined

/** Hash of a text's UTF-8 in lower-case hex. */
export async function hashHex(hash: HashName, text: string): Promise<string> {
  const web = subtle()
  if (node !== undefined) return toHex(node.createHash(nodeName(hash)).update(text).digest())
  return toHex(new Uint8Array(await web.digest(hash, utf8.encode(text))))
}

/** Imports a key for {@link hmac}; import it once and reuse it. */
export async function importHmacKey(hash: HashName, secret: string | Bytes): Promise<HmacKey> {
  const web = subtle()
  const bytes = typeof secret === 'string' ? utf8.encode(secret) : secret
  if (node !== undefined) return { hash, secret: bytes }
  return web.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign'])
}

export async function hmac(key: HmacKey, text: string): Promise<Bytes> {
  if (!('secret' in key)) return new Uint8Array(await subtle().sign('HMAC', key, utf8.encode(text)))
  if (node === undefined) throw new TypeError('This key was made where there is Node.')
  return node.createHmac(nodeName(key.hash), key.secret).update(text).digest()
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** `sha256` */
function nodeName(hash: HashName): string {
  return hash.replace('-', '').toLowerCase()
}

/** WebCrypto, which browsers provide only in secure contexts: https or localhost (W3C Secure Contexts). */
function subtle(): SubtleCrypto {
  const { crypto } = globalThis as { crypto?: { subtle?: SubtleCrypto } }
  if (crypto?.subtle !== undefined) return crypto.subtle
  throw new StoreError('This page cannot sign requests: open it over https, or on localhost.', {
    code: 'CryptoUnavailable',
    status: 0,
  })
}
