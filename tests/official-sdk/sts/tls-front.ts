import { writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { generate } from 'selfsigned'
import type { StoreUnderTest } from '../support/store-under-test.js'

export interface TlsFront {
  /** Address as a client uses it: `localhost:PORT`. */
  readonly host: string
  /** Path of the certificate as PEM, for `NODE_EXTRA_CA_CERTS`. */
  readonly certificatePath: string
  close(): Promise<void>
}

/** Starts a TLS proxy for the store, with a `localhost` certificate generated for this run only. */
export async function openTlsFront(store: StoreUnderTest): Promise<TlsFront> {
  const pem = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  })
  const certificatePath = join(store.scratch, 'localhost.pem')
  await writeFile(certificatePath, pem.cert)

  const open = new Set<Socket>()
  // Only terminates TLS: the content goes to the store byte for byte.
  const server = createServer({ key: pem.private, cert: pem.cert }, (inside) => {
    const upstream = connect(store.port, '127.0.0.1')
    for (const [one, other] of [
      [inside, upstream],
      [upstream, inside],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => open.delete(one))
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('The TLS front has no port')
  return {
    host: `localhost:${bound.port}`,
    certificatePath,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
