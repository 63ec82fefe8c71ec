import { createServer, request as sendRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dialects } from '@carryon/object-store'
import type { SignedRequest, StoreDialect } from '@carryon/object-store'

/**
 * A third dialect, to show that adding one needs nothing but an object: COS with other header names and error codes.
 * {@link startAcmeGate} makes a COS store speak it.
 */
const { cos } = dialects

/** Common error codes by Acme's codes. */
const codes = {
  AcmeNoUpload: 'NoSuchUpload',
  AcmeNoObject: 'NoSuchKey',
  AcmeNoBucket: 'NoSuchBucket',
  AcmeNoCors: 'NoSuchCORSConfiguration',
  AcmeNoLifecycle: 'NoSuchLifecycleConfiguration',
  AcmeTaken: 'FileAlreadyExists',
  AcmeForbidden: 'AccessDenied',
  AcmePartMissing: 'InvalidPart',
} as const

const inAcme = (name: string): string => name.replace(/^x-cos-/u, 'x-acme-')
const inCos = (name: string): string => name.replace(/^x-acme-/u, 'x-cos-')

function renamed<Value>(
  headers: Readonly<Record<string, Value>>,
  rename: (name: string) => string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [rename(name), value]))
}

/** Signs with COS's header names, because that is what the store behind the gate verifies. */
function signedAs(sign: StoreDialect['sign']): StoreDialect['sign'] {
  return async (request, signing): Promise<SignedRequest> => {
    const signed = await sign({ ...request, headers: renamed(request.headers ?? {}, inCos) }, signing)
    return { ...signed, headers: renamed(signed.headers, inAcme) }
  }
}

export const acmeDialect: StoreDialect = {
  ...cos,
  name: 'acme',
  label: 'Acme',
  commonCodes: codes,
  crc64: { ...cos.crc64, header: inAcme(cos.crc64.header) },
  forbidOverwrite: renamed(cos.forbidOverwrite, inAcme),
  metadataPrefix: inAcme(cos.metadataPrefix),
  attributes: {
    ...cos.attributes,
    storageClass: inAcme(cos.attributes.storageClass),
    tags: inAcme(cos.attributes.tags),
    encryption: inAcme(cos.attributes.encryption),
    encryptionKey: inAcme(cos.attributes.encryptionKey),
  },
  sign: signedAs(cos.sign),
  presign: signedAs(cos.presign),
  signForm: null,
  cors: {
    methods: ['PUT', 'GET', 'HEAD'],
    requestHeaders: cos.cors.requestHeaders.map(inAcme),
    answerHeaders: cos.cors.answerHeaders.map(inAcme),
  },
  permissions: { ...cos.permissions, reachBucket: 'acme:Reach' },
}

export interface AcmeGate {
  /** `http://127.0.0.1:40001` */
  readonly url: string
  close(): Promise<void>
}

/** @param store address of a COS store: `http://127.0.0.1:40000` */
export async function startAcmeGate(store: string): Promise<AcmeGate> {
  const gate: Server = createServer((request, response) => {
    const onwards = sendRequest(
      new URL(request.url ?? '/', store),
      { method: request.method, headers: renamed(request.headers, inCos), setHost: false },
      (answer) => void translate(answer, response),
    )
    onwards.on('error', () => response.destroy())
    response.on('close', () => onwards.destroy())
    request.pipe(onwards)
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  const { port } = gate.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        gate.close(() => resolve())
        gate.closeAllConnections()
      }),
  }
}

async function translate(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = renamed<IncomingHttpHeaders[string]>(answer.headers, inAcme)
  const status = answer.statusCode ?? 502
  if (answer.headers['content-type'] !== 'application/xml') {
    response.writeHead(status, headers)
    answer.pipe(response)
    return
  }
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
  for (const [acme, common] of Object.entries(codes))
    text = text.replace(`<Code>${common}</Code>`, `<Code>${acme}</Code>`)
  // The body has a different length, and is complete here.
  delete headers['transfer-encoding']
  if (text !== '') headers['content-length'] = String(Buffer.byteLength(text))
  response.writeHead(status, headers)
  response.end(text)
}
