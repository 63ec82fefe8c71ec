import type { SignedRequest } from '@carryon/object-store'
import { contentDisposition } from '../object-headers/content-disposition.js'
import { contentType } from '../object-headers/content-type.js'
import { inlineType } from '../object-headers/inline-types.js'
import type { UploadRow } from '../repository/upload-row.js'
import type { UploadServices } from './upload-services.js'

/** How an object is to be had from the store. */
export interface ObjectLinkOptions {
  /** Whether a browser shows it, where that is safe. */
  readonly inline: boolean
  /** Seconds that the address works. */
  readonly expiresIn: number
}

/**
 * An address of the object at the store, signed, under the name and the type on record. It ends sooner than was asked for where
 * the server's own credentials do.
 */
export async function presignObject(
  { store }: Pick<UploadServices, 'store'>,
  { key, name, type }: Pick<UploadRow, 'key' | 'name' | 'type'>,
  { inline, expiresIn }: ObjectLinkOptions,
): Promise<Pick<SignedRequest, 'url' | 'expiresAt'>> {
  const shown = inline ? inlineType(type) : null
  return store.presign({
    method: 'GET',
    key,
    query: {
      'response-content-disposition': contentDisposition(shown === null ? 'attachment' : 'inline', name),
      // The object's own headers are those of the file that it was opened with, and a client on S3 may have set others.
      'response-content-type': shown ?? contentType(type),
    },
    expiresIn,
  })
}
