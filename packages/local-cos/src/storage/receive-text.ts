import type { Readable } from 'node:stream'
import { CosError } from '../errors.js'
import { drain } from './drain.js'
import type { BodyGate } from './drain.js'

/** Receives a small body in memory. @throws {@link CosError} `XMLSizeLimit`, `IncompleteBody` */
export async function receiveText(source: Readable, maxBytes: number, gate: BodyGate): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  await drain(source, gate, async (chunks) => {
    for (const chunk of chunks) size += chunk.length
    if (size > maxBytes) throw new CosError('XMLSizeLimit', `The XML is larger than ${maxBytes} bytes.`)
    pieces.push(...chunks)
  })
  return Buffer.concat(pieces)
}
