import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { Webhook } from 'standardwebhooks'

/** A message verified by the Standard Webhooks reference library. */
export interface Heard {
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * An application that shares no code with Carryon: it signs tokens, and verifies messages with the reference library.
 */
export interface Stranger {
  readonly url: string
  /** Messages in the order received. */
  readonly heard: Heard[]
  /** Requests whose signature the library rejected. */
  readonly refused: string[]
  /** Answers a message; if it sends no response, the caller waits. */
  answer: (message: Heard, response: ServerResponse) => unknown
  token(owner: string, claims?: Readonly<Record<string, unknown>>): Promise<string>
  close(): Promise<void>
}

export async function startStranger(secret: string, issuer: string, audience: string): Promise<Stranger> {
  const webhook = new Webhook(secret)
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] }
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      if (request.url === '/jwks') return response.end(JSON.stringify(jwks))
      try {
        const headers = request.headers as Record<string, string>
        const message = webhook.verify(Buffer.concat(chunks).toString(), headers) as Omit<Heard, 'id'>
        const heard = { id: headers['webhook-id'] ?? '', ...message }
        stranger.heard.push(heard)
        return stranger.answer(heard, response)
      } catch (error) {
        stranger.refused.push(error instanceof Error ? error.message : String(error))
        return response.writeHead(401).end()
      }
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stranger: Stranger = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: [],
    refused: [],
    answer: (_, response) => response.writeHead(204).end(),
    token: (owner, claims = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setSubject(owner)
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime('1h')
        .sign(privateKey),
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return stranger
}
