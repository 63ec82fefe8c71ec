import type { SignedRequest } from '@carryon/object-store'
import { contentDisposition } from '../object-headers/content-disposition.js'
import { contentType } from '../object-headers/content-type.js'
import { inlineType } from '../object-headers/inline-types.js'
import type { UploadRow } from '../repository/upload-row.js'
import type { UploadServices } from './upload-services.js'

/** Options of a signed address of an object. */
export interface ObjectLinkOptions {
  /** Whether a browser shows the object instead of saving it, where that is safe. */
  readonly inline: boolean
  /** Seconds that the address works. */
  readonly expiresIn: number
}

/**
 * A signed store URL of the object, with the recorded name and type. It expires earlier than requested if the server's
 * own credentials do.
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
      // The object's own headers still name the file it was opened with, and a client on S3 may have set others.
      'response-content-type': shown ?? contentType(type),
    },
    expiresIn,
  })
}
