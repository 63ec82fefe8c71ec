import { amazonCrc64 } from './amazon-crc64.js'
import { startHttpRelay } from './http-relay.js'
import type { Asked, Given, HttpRelay, Pass } from './http-relay.js'

const sumHeader = 'x-amz-checksum-crc64nvme'
const typeHeader = 'x-amz-checksum-type'

export interface GatewayOptions {
  /** Whether each part of an upload with checksums must bring its own, as MinIO requires; S3 computes missing ones. */
  readonly wantsPartSums?: boolean
}

/** A proxy that adds CRC-64/NVME, as Amazon documents it, to a real S3 store. */
export interface ChecksumGateway extends HttpRelay {
  /** Part numbers in order of arrival. */
  readonly arrived: readonly number[]
  /** Error codes of the requests refused by the gateway, in order. */
  readonly refused: readonly string[]
  /** Flips one bit of the next part in transit, like a broken network card. */
  corruptNextPart(): void
}

interface Part {
  readonly bytes: Buffer
  readonly sum: string
}

/**
 * A proxy for a store without CRC-64/NVME that adds it as in Amazon's API reference: "CreateMultipartUpload",
 * "UploadPart", "ListParts", "CompleteMultipartUpload", "PutObject", "HeadObject". A request whose checksum does not
 * match its bytes is refused and does not reach the store; responses to accepted requests carry the checksum.
 *
 * Checksums are computed by Amazon's own code over the bytes as received; an object's covers all its bytes.
 * Authorization, parts and objects remain the store's: requests pass unchanged.
 */
export async function startChecksumGateway(
  store: string,
  { wantsPartSums = false }: GatewayOptions = {},
): Promise<ChecksumGateway> {
  /** Uploads that requested checksums, by upload id. */
  const uploads = new Map<string, Map<number, Part>>()
  /** Checksums of objects, by path. */
  const objects = new Map<string, string>()
  const arrived: number[] = []
  const refused: string[] = []
  let corruptions = 0

  function refusal(code: string, message: string): Given {
    refused.push(code)
    const body = Buffer.from(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`)
    return { status: 400, headers: { 'content-type': 'application/xml' }, body }
  }

  const badDigest = (): Given =>
    refusal('BadDigest', 'The CRC64NVME you specified did not match the calculated checksum.')

  async function create(asked: Asked, pass: Pass): Promise<Given> {
    const { 'x-amz-checksum-algorithm': algorithm, [typeHeader]: type = 'FULL_OBJECT' } = asked.headers
    const isSummed = algorithm === 'CRC64NVME'
    if (isSummed && type !== 'FULL_OBJECT') {
      return refusal('InvalidRequest', `The ${String(type)} checksum type cannot be used with crc64nvme.`)
    }
    const given = await pass(asked)
    const [, uploadId] = /<UploadId>(.*?)<\/UploadId>/.exec(given.body.toString()) ?? []
    if (!isSummed || uploadId === undefined) return given
    uploads.set(uploadId, new Map())
    return withHeaders(given, { 'x-amz-checksum-algorithm': algorithm, [typeHeader]: type })
  }

  async function putPart(asked: Asked, partNumber: number, parts: Map<number, Part> | undefined, pass: Pass) {
    const bytes = corruptions > 0 ? corrupted(asked.body) : asked.body
    corruptions = Math.max(0, corruptions - 1)
    const sum = await amazonCrc64(bytes)
    const claimed = asked.headers[sumHeader]
    if (claimed !== undefined && claimed !== sum) return badDigest()
    if (parts !== undefined && claimed === undefined && wantsPartSums) {
      return refusal('InvalidRequest', 'expected checksum Type: crc64nvme, actual checksum Type: null')
    }
    const given = await pass({ ...asked, body: bytes })
    if (given.status !== 200) return given
    arrived.push(partNumber)
    parts?.set(partNumber, { bytes, sum })
    return withHeaders(given, { [sumHeader]: sum })
  }

  async function list(asked: Asked, parts: Map<number, Part>, pass: Pass): Promise<Given> {
    const given = await pass(asked)
    return withBody(given, (xml) =>
      xml.replace(/<PartNumber>(\d+)<\/PartNumber>/g, (element, number: string) => {
        return `${element}${sumElement(parts.get(Number(number))?.sum)}`
      }),
    )
  }

  async function complete(asked: Asked, parts: Map<number, Part>, pass: Pass): Promise<Given> {
    const numbers = [...asked.body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)]
    const pieces = numbers.flatMap(([, number]) => parts.get(Number(number))?.bytes ?? [])
    const sum = await amazonCrc64(...pieces)
    const { [sumHeader]: claimed, [typeHeader]: type = 'FULL_OBJECT' } = asked.headers
    if (type !== 'FULL_OBJECT') return refusal('BadDigest', 'The upload is of type FULL_OBJECT.')
    if (claimed !== undefined && claimed !== sum) return badDigest()
    const given = await pass(asked)
    const end = '</CompleteMultipartUploadResult>'
    if (given.status !== 200 || !given.body.includes(end)) return given
    objects.set(asked.path, sum)
    const told = `${sumElement(sum)}<ChecksumType>FULL_OBJECT</ChecksumType>${end}`
    return withBody(given, (xml) => xml.replace(end, told))
  }

  async function putObject(asked: Asked, pass: Pass): Promise<Given> {
    const sum = await amazonCrc64(asked.body)
    const claimed = asked.headers[sumHeader]
    if (claimed !== undefined && claimed !== sum) return badDigest()
    const given = await pass(asked)
    if (given.status !== 200) return given
    // "If objects are uploaded without a checksum, S3 automatically attaches the recommended full object CRC-64/NVME."
    objects.set(asked.path, sum)
    return withHeaders(given, { [sumHeader]: sum, [typeHeader]: 'FULL_OBJECT' })
  }

  async function read(asked: Asked, pass: Pass): Promise<Given> {
    const given = await pass(asked)
    const sum = objects.get(asked.path)
    const isAsked = asked.headers['x-amz-checksum-mode'] === 'ENABLED'
    if (!isAsked || given.status !== 200 || sum === undefined) return given
    return withHeaders(given, { [sumHeader]: sum, [typeHeader]: 'FULL_OBJECT' })
  }

  function serve(asked: Asked, pass: Pass): Promise<Given> {
    const query = new URLSearchParams(asked.query)
    const parts = uploads.get(query.get('uploadId') ?? '')
    const isObject = !['uploads', 'uploadId', 'versioning', 'cors', 'lifecycle'].some((name) =>
      query.has(name),
    )
    switch (asked.method) {
      case 'POST':
        if (query.has('uploads')) return create(asked, pass)
        return parts === undefined ? pass(asked) : complete(asked, parts, pass)
      case 'PUT':
        if (query.has('partNumber')) return putPart(asked, Number(query.get('partNumber')), parts, pass)
        return isObject ? putObject(asked, pass) : pass(asked)
      case 'GET':
      case 'HEAD':
        if (parts !== undefined) return list(asked, parts, pass)
        return read(asked, pass)
      default:
        return pass(asked)
    }
  }

  const relay = await startHttpRelay(store, serve)
  return {
    ...relay,
    arrived,
    refused,
    corruptNextPart: () => {
      corruptions += 1
    },
  }
}

function corrupted(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  const middle = Math.floor(changed.length / 2)
  changed[middle] = (changed[middle] ?? 0) ^ 1
  return changed
}

function sumElement(sum: string | undefined): string {
  return sum === undefined ? '' : `<ChecksumCRC64NVME>${sum}</ChecksumCRC64NVME>`
}

function withHeaders(given: Given, headers: Given['headers']): Given {
  return { ...given, headers: { ...given.headers, ...headers } }
}

function withBody(given: Given, change: (xml: string) => string): Given {
  return { ...given, body: Buffer.from(change(given.body.toString())) }
}
