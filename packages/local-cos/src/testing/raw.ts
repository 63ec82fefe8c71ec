import { connect } from 'node:net'

export interface RawReply {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  /** Bytes of the whole answer, head and body. */
  readonly size: number
  readonly text: string
}

/** Milliseconds without a byte after which an answer is given up. */
const patience = 20_000

/**
 * Sends bytes as they are, which no HTTP client would, and reads until the connection ends. The answer is only seen to
 * end when the request says `Connection: close`.
 *
 * @param cutShort whether no more bytes come, though the request says so: then the sender goes away.
 */
export async function sendRaw(port: number, bytes: Uint8Array, cutShort = false): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.setTimeout(patience, () => socket.destroy(new Error(`No answer within ${patience} ms.`)))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server may refuse before the body has been sent in full.
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
