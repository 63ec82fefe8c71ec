import { createHash } from 'node:crypto'
import { combineCrc64 } from '../digest/crc64.js'
import { CosError } from '../errors.js'
import { parseBodyXml } from '../request-xml.js'
import type { ObjectRecord } from '../storage/object-record.js'
import type { OpenUpload } from '../storage/open-upload.js'
import { partFileName, type PartFile } from '../storage/part-file.js'
import { childText, element } from '../xml.js'
import { attributesOf } from './attributes.js'
import { bucketOf, type Answer, type OperationContext } from './context.js'
import { checkOverwrite, encryptionHeaders, forbidsOverwrite } from './object-headers.js'
import { readXmlBody } from './request-body.js'
import { uploadIdOf } from './upload-parts.js'
import { storedVersionHeaders } from './versions.js'

interface ClaimedPart {
  readonly partNumber: number
  readonly etag: string
}

const minPartSize = 1024 * 1024
const maxParts = 10_000

/**
 * https://cloud.tencent.com/document/product/436/7742: problems with the request itself are reported by the
 * status. Otherwise 200 is sent at once, then spaces while the parts are joined, then the result or an
 * `<Error>`.
 */
export async function completeMultipartUpload(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context)
  const { objects, uploads } = bucket
  const { key } = context.address
  await uploads.get(key, uploadIdOf(context))
  const claimed = parseClaim(await readXmlBody(context))
  const upload = await uploads.get(key, uploadIdOf(context))

  let announce: (record: ObjectRecord) => void = () => undefined
  const checked = new Promise<ObjectRecord>((resolve) => (announce = resolve))
  const finished = uploads.complete(upload, objects, async () => {
    const joined = joinedRecord(upload, chooseParts(upload.parts, claimed), context.now)
    await checkOverwrite(context, objects)
    const record = await objects.numbered(joined)
    announce(record)
    await context.joining()
    return { record, forbidOverwrite: forbidsOverwrite(context) }
  })
  const record = await Promise.race([checked, finished.then(() => checked)])
  const text = finished.then(() =>
    element(
      'CompleteMultipartUploadResult',
      [
        element('Location', `${context.origin}${encodeURI(context.address.path)}`),
        element('Bucket', bucket.name),
        element('Key', key),
        element('ETag', `"${record.etag}"`),
      ],
      ' xmlns="http://www.qcloud.com/document/product/436/7751"',
    ),
  )
  return {
    status: 200,
    headers: {
      'x-cos-hash-crc64ecma': record.crc64,
      ...storedVersionHeaders(record),
      ...encryptionHeaders(record.headers),
    },
    body: { kind: 'late-xml', text },
  }
}

function parseClaim(xml: string): readonly ClaimedPart[] {
  const root = parseBodyXml(xml, 'CompleteMultipartUpload')
  const parts = root.children
    .filter(({ name }) => name === 'Part')
    .map((part) => ({
      partNumber: Number(childText(part, 'PartNumber') ?? NaN),
      etag: (childText(part, 'ETag') ?? '').replace(/^"|"$/g, '').toLowerCase(),
    }))
  if (
    parts.length === 0 ||
    parts.length > maxParts ||
    parts.some(({ partNumber }) => !Number.isInteger(partNumber))
  ) {
    throw new CosError('MalformedXML', `Name 1 to ${maxParts} parts, each with PartNumber and ETag.`)
  }
  return parts
}

/**
 * Returns the stored parts that the request names, in the request's order.
 *
 * @throws {@link CosError} `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`
 */
export function chooseParts(
  stored: readonly PartFile[],
  claimed: readonly ClaimedPart[],
): readonly PartFile[] {
  const unordered = claimed.find((part, index) => part.partNumber <= (claimed[index - 1]?.partNumber ?? 0))
  if (unordered !== undefined) {
    throw new CosError(
      'InvalidPartOrder',
      `Part ${unordered.partNumber} is out of order: name the parts ascending.`,
    )
  }
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]))
  const chosen = claimed.map(({ partNumber, etag }, index) => {
    if (partNumber !== index + 1) {
      throw new CosError(
        'InvalidPart',
        `Part ${index + 1} is left out: part numbers must be contiguous from 1.`,
      )
    }
    const part = byNumber.get(partNumber)
    if (part?.md5 !== etag) {
      throw new CosError('InvalidPart', `Part ${partNumber} was not uploaded, or its ETag is another.`)
    }
    return part
  })
  const small = chosen.slice(0, -1).find(({ size }) => size < minPartSize)
  if (small !== undefined) {
    throw new CosError('EntityTooSmall', `Part ${small.partNumber} is smaller than 1 MiB and not the last.`)
  }
  return chosen
}

function joinedRecord(upload: OpenUpload, parts: readonly PartFile[], now: number): ObjectRecord {
  const hash = createHash('md5').update(`${upload.record.uploadId}\n`)
  let crc64 = 0n
  let size = 0
  for (const part of parts) {
    hash.update(part.md5)
    crc64 = combineCrc64(crc64, part.crc64, part.size)
    size += part.size
  }
  return {
    key: upload.record.key,
    size,
    // Opaque, as in the real store; deliberately not S3's MD5 of the parts' MD5s.
    etag: `${hash.digest('hex')}-${parts.length}`,
    crc64: crc64.toString(),
    lastModified: now,
    headers: upload.record.headers,
    ...attributesOf(upload.record),
    joined: {
      uploadId: upload.record.uploadId,
      parts: parts.map((part) => ({ file: partFileName(part), size: part.size })),
    },
  }
}
