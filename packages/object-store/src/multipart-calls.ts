import { invalidAnswer, readAnswer, requiredText, unquoteEtag } from './answer-xml.js'
import type { StoreDialect } from './store-dialect.js'
import { md5Base64 } from './md5.js'
import { readPages } from './listing-pages.js'
import type { Page } from './listing-pages.js'
import type { ObjectStore } from './object-store.js'
import type { OpenMultipartUpload, UploadedPart, StoredPart } from './store-calls.js'
import { crc64Of, checksumsOf } from './object-calls.js'
import { objectHeaders } from './object-headers.js'
import { describe } from './store-channel.js'
import type { Answer, Call, StoreChannel } from './store-channel.js'
import { StoreError } from './store-error.js'
import { childrenOf, textOf } from './xml/read-xml.js'
import type { XmlElement } from './xml/read-xml.js'
import { element, writeXml } from './xml/write-xml.js'

export interface MultipartOptions {
  /** Entries per page of a listing. */
  readonly pageSize: number
  /** Milliseconds that the answer to complete may be silent. */
  readonly completeIdle: number
  readonly headObject: ObjectStore['headObject']
}

type MultipartCalls = Pick<
  ObjectStore,
  | 'createMultipartUpload'
  | 'uploadPart'
  | 'listParts'
  | 'completeMultipartUpload'
  | 'abortMultipartUpload'
  | 'listMultipartUploads'
>

/** Multipart upload, which is the same for COS (436/14112) and S3. */
export function multipartCalls(
  channel: StoreChannel,
  dialect: StoreDialect,
  { pageSize, completeIdle, headObject }: MultipartOptions,
): MultipartCalls {
  async function listPartsPage(
    key: string,
    uploadId: string,
    [marker = '']: readonly string[],
  ): Promise<Page<StoredPart>> {
    const call: Call = {
      operation: 'ListParts',
      method: 'GET',
      key,
      query: { uploadId, 'max-parts': String(pageSize), 'part-number-marker': marker },
      repeatable: true,
    }
    const answer = await callUpload(channel, call)
    const xml = readAnswer(answer, 'ListPartsResult', describe(call))
    const entries = childrenOf(xml, 'Part').map((part) => storedPart(answer, describe(call), part, dialect))
    return {
      entries,
      next: isTruncated(xml) ? [requiredText(answer, describe(call), xml, 'NextPartNumberMarker')] : null,
    }
  }

  async function listUploadsPage(
    prefix: string,
    marker: readonly string[],
  ): Promise<Page<OpenMultipartUpload>> {
    const [keyMarker = '', uploadIdMarker = ''] = marker
    const call: Call = {
      operation: 'ListMultipartUploads',
      method: 'GET',
      key: '',
      query: {
        uploads: '',
        prefix,
        'max-uploads': String(pageSize),
        // A key may hold characters that XML cannot (XML 1.0 section 2.2).
        ...(dialect.decodeListedKey === null ? {} : { 'encoding-type': 'url' }),
        ...(keyMarker === '' ? {} : { 'key-marker': keyMarker, 'upload-id-marker': uploadIdMarker }),
      },
      repeatable: true,
    }
    const asked = describe(call)
    const answer = await channel.call(call)
    const xml = readAnswer(answer, 'ListMultipartUploadsResult', asked)
    const isEncoded = textOf(xml, 'EncodingType', 'Encoding-Type', 'Encoding-type') === 'url'
    const decode = (isEncoded ? dialect.decodeListedKey : null) ?? ((text: string) => text)
    const entries = childrenOf(xml, 'Upload').map((upload) => ({
      key: decode(requiredText(answer, asked, upload, 'Key')),
      uploadId: requiredText(answer, asked, upload, 'UploadId', 'UploadID'),
      initiated: new Date(requiredText(answer, asked, upload, 'Initiated')),
    }))
    if (!isTruncated(xml)) return { entries, next: null }
    const nextKey = decode(requiredText(answer, asked, xml, 'NextKeyMarker'))
    return { entries, next: [nextKey, textOf(xml, 'NextUploadIdMarker') ?? ''] }
  }

  return {
    async createMultipartUpload(
      key,
      { checksum = dialect.capabilities.partChecksum !== null, ...headers } = {},
    ) {
      const call: Call = {
        operation: 'InitiateMultipartUpload',
        method: 'POST',
        key,
        query: { uploads: '' },
        headers: {
          ...objectHeaders(headers, dialect),
          ...(checksum ? dialect.crc64.toCreate : {}),
        },
        repeatable: false, // a second one would leave an orphaned upload
      }
      const answer = await channel.call(call)
      const xml = readAnswer(answer, 'InitiateMultipartUploadResult', describe(call))
      return { uploadId: requiredText(answer, describe(call), xml, 'UploadId', 'UploadID') }
    },

    async uploadPart({ key, uploadId, partNumber }, body, signal): Promise<UploadedPart> {
      const call: Call = {
        operation: 'UploadPart',
        method: 'PUT',
        key,
        query: { partNumber: String(partNumber), uploadId },
        body,
        repeatable: true,
        signal,
      }
      return checksumsOf(await callUpload(channel, call), dialect, describe(call))
    },

    async listParts(key, uploadId) {
      const parts: StoredPart[] = []
      const readPage = (marker: readonly string[]) => listPartsPage(key, uploadId, marker)
      const pages = readPages(['0'], readPage, `ListParts of ${JSON.stringify(key)}`)
      for await (const part of pages) parts.push(part)
      return parts.sort((a, b) => a.partNumber - b.partNumber)
    },

    async completeMultipartUpload(key, uploadId, parts, { forbidOverwrite = false, crc64 } = {}) {
      const body = writeXml(
        element(
          'CompleteMultipartUpload',
          parts.map(({ partNumber, etag }) =>
            element('Part', [element('PartNumber', String(partNumber)), element('ETag', `"${etag}"`)]),
          ),
        ),
      )
      const call: Call = {
        operation: 'CompleteMultipartUpload',
        method: 'POST',
        key,
        query: { uploadId },
        headers: {
          'content-type': 'application/xml',
          'content-md5': md5Base64(body),
          ...(forbidOverwrite ? dialect.forbidOverwrite : {}),
          ...(crc64 === undefined ? {} : dialect.crc64.toComplete(crc64)),
        },
        body,
        repeatable: false, // after a lost answer only the caller knows what the object must be
        idle: completeIdle,
      }
      const answer = await callUpload(channel, call)
      const xml = readAnswer(answer, 'CompleteMultipartUploadResult', describe(call))
      // Ceph RGW up to version 16 leaves the element empty.
      const etag =
        textOf(xml, 'ETag') === ''
          ? (await headObject(key))?.etag
          : unquoteEtag(requiredText(answer, describe(call), xml, 'ETag'))
      if (etag === undefined) throw invalidAnswer(answer, describe(call), 'an object that is not there')
      return { etag, ...crc64Of(listedCrc64(xml, dialect) ?? answer.headers[dialect.crc64.header], dialect) }
    },

    async abortMultipartUpload(key, uploadId) {
      try {
        await callUpload(channel, {
          operation: 'AbortMultipartUpload',
          method: 'DELETE',
          key,
          query: { uploadId },
          repeatable: true,
        })
      } catch (error) {
        if (!(error instanceof StoreError && error.code === 'NoSuchUpload')) throw error
      }
    },

    listMultipartUploads: (prefix) =>
      readPages([], (marker) => listUploadsPage(prefix, marker), 'ListMultipartUploads of the bucket'),
  }
}

/**
 * A call for one upload. Ceph RGW returns `NoSuchKey` for an upload that no longer exists; here it has no other
 * meaning.
 */
async function callUpload(channel: StoreChannel, call: Call): Promise<Answer> {
  try {
    return await channel.call(call)
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'NoSuchKey') throw error
    const { message, status, requestId, cause } = error
    throw new StoreError(message, { code: 'NoSuchUpload', status, requestId, cause })
  }
}

function isTruncated(xml: XmlElement): boolean {
  return textOf(xml, 'IsTruncated')?.trim().toLowerCase() === 'true'
}

function listedCrc64(xml: XmlElement, { crc64 }: StoreDialect): string | undefined {
  return crc64.element === null ? undefined : textOf(xml, crc64.element)
}

function storedPart(answer: Answer, asked: string, part: XmlElement, dialect: StoreDialect): StoredPart {
  const partNumber = Number(requiredText(answer, asked, part, 'PartNumber'))
  const size = Number(requiredText(answer, asked, part, 'Size'))
  if (!Number.isSafeInteger(partNumber) || !Number.isSafeInteger(size)) {
    throw invalidAnswer(answer, asked, 'a part whose number or size is no integer')
  }
  const etag = unquoteEtag(requiredText(answer, asked, part, 'ETag'))
  return { partNumber, size, etag, ...crc64Of(listedCrc64(part, dialect), dialect) }
}
