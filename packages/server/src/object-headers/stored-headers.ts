import type { ObjectEncryption, ObjectHeaders } from '@carryon/object-store'
import type { UploadRow } from '../repository/upload-row.js'
import { contentDisposition } from './content-disposition.js'
import { contentType } from './content-type.js'

/** Object headers that an application may choose, as recorded with an upload. */
export interface ChosenHeaders {
  readonly contentType?: string
  readonly contentDisposition?: 'inline' | 'attachment'
  readonly cacheControl?: string
  readonly storageClass?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly encryption?: ObjectEncryption
}

/** The columns that determine the object's headers. */
type HeadersOf = Pick<UploadRow, 'name' | 'type' | 'objectHeaders' | 'metadata'>

/** The headers that the object of an upload is stored with. */
export function storedHeaders(
  row: HeadersOf,
): ObjectHeaders & Required<Pick<ObjectHeaders, 'contentType' | 'contentDisposition'>> {
  const {
    contentType: type = row.type,
    contentDisposition: disposition = 'attachment',
    ...others
  } = chosenOf(row)
  const metadata = metadataOf(row)
  return {
    ...others,
    contentType: contentType(type),
    contentDisposition: contentDisposition(disposition, row.name),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  }
}

/** The headers that the application chose for the object. */
export function chosenOf({ objectHeaders }: Pick<UploadRow, 'objectHeaders'>): ChosenHeaders {
  return objectHeaders === null ? {} : (JSON.parse(objectHeaders) as ChosenHeaders)
}

/** The metadata that the client sent with the file. */
export function metadataOf({ metadata }: Pick<UploadRow, 'metadata'>): Readonly<Record<string, string>> {
  return metadata === null ? {} : (JSON.parse(metadata) as Record<string, string>)
}
