import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { Call } from '../testing/client.js'
import { openFilesBelow } from '../testing/open-files.js'
import { chunkedPut, signS3 } from '../testing/s3.js'
import { bucket, startTestStore } from '../testing/store.js'

const runs = 250
/** Random for each run; set `FUZZ_SEED` to repeat a run. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Milliseconds after which no further requests are generated, for busy machines. */
const maxTime = 60_000
const path = `/${bucket}/a`

/** A change to a body in transit. */
const damage = fc.oneof(
  fc.record({ at: fc.nat(), remove: fc.constant(0), insert: fc.constant('') }),
  fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 100 }),
    insert: fc.constantFrom('', 'x', '\r\n', '\n', '0\r\n', ';', ':', 'ffffffffffff\r\n', 'x'.repeat(2000)),
  }),
)
const chunked = fc.record({
  pieces: fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 4 }),
  signed: fc.boolean(),
  trailer: fc.constantFrom('', 'x-amz-checksum-crc32', 'x-amz-checksum-sha256', 'x-amz-meta-a', 'x'),
  change: damage,
})
const headers = fc.dictionary(
  fc.constantFrom(
    ...['x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token', 'x-amz-decoded-content-length'],
    ...['x-amz-trailer', 'x-amz-copy-source', 'x-amz-acl', 'x-amz-tagging', 'x-amz-metadata-directive'],
    ...['x-amz-checksum-crc32', 'x-amz-meta-a', 'x-amz-storage-class', 'if-none-match', 'content-encoding'],
    ...['authorization', 'x-amz-x', 'x-cos-acl'],
  ),
  fc.oneof(
    fc.constantFrom(
      ...['', '*', '1', '-1', 'UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'aws-chunked'],
      ...['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', '20260101T000000Z', '99999999T999999Z', `${bucket}/a`, '%/%'],
      ...['AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential=/,SignedHeaders=,Signature=', 'AWS a:b', '\u00ff'],
    ),
    fc.string({ maxLength: 50 }).map((text) => text.replace(/[^\x20-\x7e]/g, '?')),
  ),
  { maxKeys: 2 },
)
const query = fc.dictionary(
  fc.constantFrom(
    ...['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders'],
    ...['X-Amz-Signature', 'x-amz-signature', 'X-Amz-Security-Token', 'x-amz-acl', 'x-amz-acl ', 'x-id'],
    ...['list-type', 'continuation-token', 'start-after', 'location', 'prefix', 'q-ak', 'sign', '__proto__'],
  ),
  fc.constantFrom(
    '',
    '2',
    '60',
    'AWS4-HMAC-SHA256',
    'a/20260101/x/s3/aws4_request',
    'host',
    'YQ',
    '\u0000',
    '%',
  ),
  { maxKeys: 2 },
)

function chunkedCall({ pieces, signed, trailer, change }: Chunked): Call {
  return chunkedPut(
    path,
    pieces.map((piece) => Buffer.from(piece)),
    {
      signed,
      trailers: trailer === '' ? {} : { [trailer]: 'AAAAAA==' },
      damage: (body) => {
        const at = change.at % (body.length + 1)
        return Buffer.concat([
          body.subarray(0, at),
          Buffer.from(change.insert),
          body.subarray(at + change.remove),
        ])
      },
    },
  )
}

interface Chunked {
  readonly pieces: readonly Uint8Array[]
  readonly signed: boolean
  readonly trailer: string
  readonly change: { readonly at: number; readonly remove: number; readonly insert: string }
}

it(
  `answers ${2 * runs} generated requests of S3, seed ${seed}, without failing, storing what was damaged, or holding a file`,
  { timeout: 180_000 },
  async () => {
    console.info(`Fuzz of the store: FUZZ_SEED=${seed}`)
    const failures: string[] = []
    const { client, store, directory } = await startTestStore({
      journal: false,
      log: (line) => {
        if ('failure' in line && 'error' in line && line.error === 'InternalError')
          failures.push(String(line.failure))
      },
    })
    const put = { method: 'PUT', path, body: 'before' }
    await client.call(put)
    const answers = new Set<number>()
    const options = { numRuns: runs, seed, interruptAfterTimeLimit: maxTime }
    await fc.assert(
      fc.asyncProperty(chunked, async (generated) => {
        const { status } = await client.call(chunkedCall(generated))
        answers.add(status)
        const stored = (await client.call({ method: 'GET', path })).body
        const sent = Buffer.concat(generated.pieces)
        // An unsigned body without a trailer has nothing to verify the bytes with.
        if (generated.signed && status === 200) expect(stored.equals(sent)).toBe(true)
        if (status !== 200) expect(stored.toString()).toBe('before')
        else await client.call(put)
        expect(failures).toEqual([])
      }),
      options,
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE'),
        fc.constantFrom(path, `/${bucket}`, '/', `/${bucket}/b`),
        headers,
        query,
        fc.boolean(),
        fc.constantFrom(undefined, 60),
        async (method, where, added, parameters, afterwards, expires) => {
          const signed = signS3({
            method,
            path: where,
            ...(method === 'PUT' || method === 'POST' ? { body: 'x' } : {}),
            ...(expires === undefined ? {} : { expires }),
            ...(afterwards ? {} : { headers: added, query: parameters }),
          }).call
          const call = afterwards
            ? {
                ...signed,
                headers: { ...signed.headers, ...added },
                query: { ...signed.query, ...parameters },
              }
            : signed
          const { status } = await client.call(call)
          answers.add(status)
          expect(status).toBeGreaterThanOrEqual(200)
          expect(status).not.toBe(500)
          expect(failures).toEqual([])
        },
      ),
      options,
    )
    await vi.waitFor(async () => expect(await openFilesBelow(directory)).toBe(0), 20_000)
    for (const status of [200, 400, 403, 501]) expect([status, answers.has(status)]).toEqual([status, true])
    expect(store.counters['GetObject']?.acknowledged).toBeGreaterThan(0)
  },
)
