import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { CosError } from '../errors.js'
import type { OpenObject } from '../storage/open-object.js'

/** First and last byte, both inclusive. */
export type ByteRange = readonly [start: number, end: number]

/** More ranges than any document viewer requests; each becomes a part of the answer. */
const maxRanges = 100

/**
 * Parses a `Range` header and returns the ranges within the object. `null` means to send the whole object: the
 * header is missing or not understood, or its ranges overlap or are so many that serving them would only be
 * costly (RFC 9110 sections 14.2 and 17.15).
 *
 * @throws {@link CosError} `InvalidRange` if all ranges lie outside the object.
 */
export function parseRanges(header: string | undefined, size: number): readonly ByteRange[] | null {
  const [, list] = /^bytes=(.+)$/.exec(header?.trim() ?? '') ?? []
  const specs = list?.split(',').map((spec) => spec.trim()) ?? []
  if (specs.length === 0 || specs.length > maxRanges) return null
  const ranges: ByteRange[] = []
  for (const spec of specs) {
    const range = parseSpec(spec, size)
    if (range === null) return null
    if (range !== 'outside') ranges.push(range)
  }
  if (ranges.length === 0) {
    throw new CosError('InvalidRange', `The object has ${size} bytes; the range lies outside.`, {
      headers: { 'Content-Range': `bytes */${size}` },
    })
  }
  return haveOverlap(ranges) ? null : ranges
}

/** `0-99`, `100-` or `-100`; `null` for anything else. */
function parseSpec(spec: string, size: number): ByteRange | 'outside' | null {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(spec) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start >= size || (first === '' && Number(last) === 0) ? 'outside' : [start, end]
}

function haveOverlap(ranges: readonly ByteRange[]): boolean {
  const sorted = [...ranges].sort(([a], [b]) => a - b)
  return sorted.some(([start], index) => start <= (sorted[index - 1]?.[1] ?? -1))
}

/** Several ranges as one body: `multipart/byteranges` (RFC 9110 section 14.6). */
export function multipartRanges(
  object: OpenObject,
  ranges: readonly ByteRange[],
  contentType: string,
): { readonly type: string; readonly length: number; readonly stream: Readable } {
  const { size } = object.record
  const boundary = randomBytes(18).toString('hex')
  const parts = ranges.map(([start, end]) => ({
    head: Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Range: bytes ${start}-${end}/${size}\r\n\r\n`,
      'latin1',
    ),
    start,
    end,
  }))
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  async function* content(): AsyncGenerator<Buffer> {
    for (const { head, start, end } of parts) {
      yield head
      yield* object.read(start, end) as AsyncIterable<Buffer>
    }
    yield tail
  }
  return {
    type: `multipart/byteranges; boundary=${boundary}`,
    length: parts.reduce((sum, { head, start, end }) => sum + head.length + end - start + 1, tail.length),
    stream: Readable.from(content(), { objectMode: false }),
  }
}
