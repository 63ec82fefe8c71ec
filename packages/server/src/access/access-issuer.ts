import { emptyObjectHeaders, type ObjectStore, type StoreLocation } from '@carryon/object-store'
import type { UploadRow } from '../repository/upload-row.js'
import type { IssuedCredentials, StsIssuer } from '../sts/sts-issuer.js'
import { storedHeaders } from '../object-headers/stored-headers.js'
import { largestPartOf, fixedSizeOf } from '../parts/largest-part.js'
import type { AccessGrant } from '@carryon/protocol'
import { CredentialCache } from './credential-cache.js'

/** Seconds. Tencent's default for temporary credentials (1312/48195); signed URLs are valid for the same time. */
export const accessLifetime = 1_800
/** Each entry takes about one KiB. */
const cachedCredentials = 10_000

/** The columns of an upload that its credentials depend on. */
type CredentialsFor = Pick<UploadRow, 'key' | 'size' | 'partSize'>

/** Issues access grants: what a browser needs to send one upload's bytes to the store, and nothing more. */
export class AccessIssuer {
  readonly #store: ObjectStore
  readonly #sts: StsIssuer | null
  readonly #now: () => number
  readonly #locationOf: (key: string) => StoreLocation
  readonly #cache: CredentialCache

  constructor(parts: {
    store: ObjectStore
    sts: StsIssuer | null
    now: () => number
    /** The bucket that a key is in. */
    locationOf: (key: string) => StoreLocation
  }) {
    this.#locationOf = parts.locationOf
    this.#store = parts.store
    this.#sts = parts.sts
    this.#now = parts.now
    this.#cache = new CredentialCache(cachedCredentials, parts.now)
  }

  /** Requests the credentials that `grant` will need in advance, while the caller waits for the store. */
  async prepare(upload: CredentialsFor & Pick<UploadRow, 'mode'>): Promise<void> {
    if (this.#sts !== null && upload.mode === 'multipart') await this.#credentials(this.#sts, upload)
  }

  /**
   * Issues the access grant of an upload.
   *
   * @param partNumbers The parts that get a URL, if no credentials are granted.
   * @param sizes Bytes of these parts in the same order, if the client sent them: each URL accepts exactly that many.
   * @param byForm Whether the client can send a form, which needs no CORS preflight.
   * @param byUrls Whether the client cannot sign: it then gets URLs even if the store has an STS.
   */
  async grant(
    upload: UploadRow,
    partNumbers: readonly number[],
    {
      byForm = false,
      byUrls = false,
      sizes,
    }: {
      readonly byForm?: boolean
      readonly byUrls?: boolean
      readonly sizes?: readonly number[] | undefined
    } = {},
  ): Promise<AccessGrant> {
    if (upload.mode === 'single') {
      const mayForm = byForm && this.#store.capabilities.forms && upload.md5 !== null
      return mayForm ? this.#form(upload, upload.md5) : this.#singlePut(upload)
    }
    if (this.#sts === null || byUrls) return this.#partUrls(upload, partNumbers, sizes)
    const issued = await this.#credentials(this.#sts, upload)
    return { mode: 'credentials', location: this.#locationOf(upload.key), ...issued }
  }

  forget(upload: CredentialsFor): void {
    this.#cache.forget(cacheKeyOf(scopeOf(upload)))
  }

  async #credentials(sts: StsIssuer, upload: CredentialsFor): Promise<IssuedCredentials> {
    const scope = scopeOf(upload)
    return this.#cache.get(cacheKeyOf(scope), accessLifetime, () =>
      sts.issue({ location: this.#locationOf(upload.key), scope, lifetime: accessLifetime }),
    )
  }

  async #partUrls(
    upload: UploadRow,
    partNumbers: readonly number[],
    sizes: readonly number[] | undefined,
  ): Promise<AccessGrant> {
    const { key, uploadId } = upload
    let expiresAt = this.#expiry()
    if (uploadId === null) return { mode: 'urls', urls: {}, expiresAt }
    const signed = await Promise.all(
      partNumbers.map(async (partNumber, index) => {
        const query = { partNumber: String(partNumber), uploadId }
        const size = sizes?.[index] ?? fixedSizeOf(upload, partNumber)
        // A URL without a size would accept a body of unlimited length: such a part is left out, and the client asks
        // again with its size.
        if (size === undefined) return []
        // Every HTTP client sets this header itself.
        const headers = { 'content-length': String(size) }
        const signedUrl = await this.#store.presign({
          method: 'PUT',
          key,
          query,
          headers,
          expiresIn: accessLifetime,
        })
        expiresAt = Math.min(expiresAt, this.#expiry(signedUrl))
        return [[String(partNumber), signedUrl.url] as const]
      }),
    )
    return { mode: 'urls', urls: Object.fromEntries(signed.flat()), expiresAt }
  }

  /** Signs one PUT of exactly the declared bytes and headers, which never overwrites another object. */
  async #singlePut(upload: UploadRow): Promise<AccessGrant> {
    const { emptyHeaders, forbidOverwrite } = this.#store.capabilities
    const { contentType: type, contentDisposition: disposition } = storedHeaders(upload)
    const headers = {
      'content-length': String(upload.size),
      'content-type': type,
      'content-disposition': disposition,
      // Clients could add headers that are not signed, so empty ones are signed too.
      ...(emptyHeaders && emptyObjectHeaders),
      ...(upload.md5 !== null && { 'content-md5': upload.md5 }),
    }
    const signed = await this.#store.presign({
      method: 'PUT',
      key: upload.key,
      headers,
      forbidOverwrite,
      expiresIn: accessLifetime,
    })
    const expiresAt = this.#expiry(signed)
    return { mode: 'put', url: signed.url, headers: signed.headers, expiresAt }
  }

  /** Signs the same upload as a form. It may overwrite, but only with the declared bytes. */
  async #form(upload: UploadRow, contentMd5: string): Promise<AccessGrant> {
    const { key, size } = upload
    const headers = { ...storedHeaders(upload), contentMd5 }
    const signed = await this.#store.presignForm({ key, size, headers, expiresIn: accessLifetime })
    return { mode: 'form', ...signed, expiresAt: this.#expiry(signed) }
  }

  /** A signature is valid no longer than the server's own credentials. */
  #expiry({ expiresAt = Infinity }: { readonly expiresAt?: number } = {}): number {
    return Math.min(Math.floor(this.#now() / 1_000) + accessLifetime, expiresAt)
  }
}

function scopeOf(upload: CredentialsFor) {
  return { kind: 'parts', key: upload.key, largestPart: largestPartOf(upload) } as const
}

/** An upload that is continued for a larger file may have larger parts, which earlier credentials do not allow. */
function cacheKeyOf({ key, largestPart }: ReturnType<typeof scopeOf>): string {
  return `${largestPart} ${key}`
}
