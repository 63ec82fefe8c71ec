import { connect } from 'node:net'

export interface RawReply {
  /** 0 if the connection ended without an answer. */
  readonly status: number
  /** Bytes of the whole answer, headers and body. */
  readonly size: number
  readonly text: string
}

/** Milliseconds without data after which to give up on an answer. */
const patience = 20_000

/**
 * Sends arbitrary bytes, which no HTTP client allows, and reads until the connection ends. To see the answer
 * end, the request must contain `Connection: close`.
 *
 * @param cutShort whether to close the connection although the request announces more bytes.
 */
export async function sendRaw(port: number, bytes: Uint8Array, cutShort = false): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.setTimeout(patience, () => socket.destroy(new Error(`No answer within ${patience} ms.`)))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server may refuse before the whole body is sent.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
    })
    socket.on('close', () => {
      const answer = Buffer.concat(chunks)
      const text = answer.toString('latin1')
      resolve({
        status: Number(/^HTTP\/1\.1 (?!100)(\d{3})/m.exec(text)?.[1] ?? 0),
        size: answer.length,
        text,
      })
    })
    if (cutShort) socket.end(bytes)
    else socket.write(bytes)
  })
}
