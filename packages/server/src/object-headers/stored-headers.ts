import type { ObjectHeaders } from '@carryon/object-store'
import type { UploadRow } from '../repository/upload-row.js'
import { contentDisposition } from './content-disposition.js'
import { contentType } from './content-type.js'

/** The object headers that an application may choose, as they are kept with an upload. */
export interface ChosenHeaders {
  readonly contentType?: string
  readonly contentDisposition?: 'inline' | 'attachment'
  readonly cacheControl?: string
}

/** Of an upload record, what its object's headers follow from. */
type HeadersOf = Pick<UploadRow, 'name' | 'type' | 'objectHeaders' | 'metadata'>

/** The headers with which the object of an upload is stored. */
export function storedHeaders(
  row: HeadersOf,
): ObjectHeaders & Required<Pick<ObjectHeaders, 'contentType' | 'contentDisposition'>> {
  const chosen: ChosenHeaders =
    row.objectHeaders === null ? {} : (JSON.parse(row.objectHeaders) as ChosenHeaders)
  const metadata = metadataOf(row)
  return {
    contentType: contentType(chosen.contentType ?? row.type),
    contentDisposition: contentDisposition(chosen.contentDisposition ?? 'attachment', row.name),
    ...(chosen.cacheControl !== undefined && { cacheControl: chosen.cacheControl }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  }
}

/** What the client said of the file. */
export function metadataOf({ metadata }: Pick<UploadRow, 'metadata'>): Readonly<Record<string, string>> {
  return metadata === null ? {} : (JSON.parse(metadata) as Record<string, string>)
}
