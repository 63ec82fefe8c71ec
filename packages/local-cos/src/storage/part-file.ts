import { CosError } from '../errors.js'

/** A received part. All its data is in the file name, so one rename publishes it. */
export interface PartFile {
  readonly partNumber: number
  /** Incremented each time the part is sent again; the highest one is valid. */
  readonly sequence: number
  /** Bytes. */
  readonly size: number
  /** MD5 of the part in hex: its ETag. */
  readonly md5: string
  readonly crc64: bigint
  /** Milliseconds since the epoch. */
  readonly lastModified: number
}

/** `<number>-<sequence>-<size>-<milliseconds>-<md5>-<crc64>`. */
export function partFileName(part: PartFile): string {
  return [
    part.partNumber,
    part.sequence,
    part.size,
    part.lastModified,
    part.md5,
    part.crc64.toString(16).padStart(16, '0'),
  ].join('-')
}

const pattern = /^(\d+)-(\d+)-(\d+)-(\d+)-([0-9a-f]{32})-([0-9a-f]{16})$/

/** Returns `null` if the file is not a part. */
export function parsePartFileName(name: string): PartFile | null {
  const [, partNumber, sequence, size, lastModified, md5, crc64] = pattern.exec(name) ?? []
  if (md5 === undefined || crc64 === undefined) return null
  return {
    partNumber: Number(partNumber),
    sequence: Number(sequence),
    size: Number(size),
    lastModified: Number(lastModified),
    md5,
    crc64: BigInt(`0x${crc64}`),
  }
}

/** "Part numbers are 1 to 10 000" (436/7750). @throws {@link CosError} `InvalidArgument` */
export function parsePartNumber(text: string): number {
  const partNumber = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (partNumber < 1 || partNumber > 10_000) {
    throw new CosError('InvalidArgument', 'The part number must be an integer from 1 to 10000.')
  }
  return partNumber
}
