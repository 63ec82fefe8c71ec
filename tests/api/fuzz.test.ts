import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiUnderTest, startApi } from './support/api-under-test.js'
import { type RawAnswer, rawRequest } from './support/raw-request.js'

const requests = Number(process.env['FUZZ_REQUESTS'] ?? 5_000)
/** Number of concurrent requests, to find faults that only appear under concurrency. */
const atOnce = 20
const largestAnswer = 64 * 1_024
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

let api: ApiUnderTest
beforeAll(async () => {
  api = await startApi({
    allowedHosts: ['app.example.com'],
    allowedOrigins: ['https://app.example.com'],
    stsAllowPrefix: 'own',
    trustForwarded: true,
    limits: { opensPerMinute: 0, openPerAddress: 0, bytesPerAddress: 0 },
  })
})
afterAll(async () => {
  await api.close()
})

/** Text a header can carry, whether or not it is valid there. */
const headerText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('abz019.,:;=%"\'/\\*<>[]() -_&\t')), maxLength: 80 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
)
const odd = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  0.5,
  2 ** 53,
  '',
  '\0',
  '\ud800',
  '../../etc/passwd',
  '<b>',
  [],
  {},
  '__proto__',
  'constructor',
)
const anything = fc.oneof(
  odd,
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
)
/** A valid value of the member, or sometimes anything. */
const member = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: anything })

const openBody = fc.record(
  {
    identity: member(fc.constantFrom('1:1:a', '1:2:b', '1:3:c')),
    name: member(fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constant('a'.repeat(1_024)))),
    size: member(fc.constantFrom(0, 1, 5, 8 * 2 ** 20, 2 ** 40)),
    type: member(fc.constantFrom('', 'image/png', 'text/html; charset=utf-8', 'a\r\nb: c')),
    md5: member(fc.constantFrom('AAAAAAAAAAAAAAAAAAAAAA==', 'AAAAAAAAAAAAAAAAAAAAAQ==')),
    partSize: member(fc.constantFrom(1, 2 ** 20, 2 ** 26)),
    unlessDone: member(fc.boolean()),
    forms: member(fc.boolean()),
    grows: member(fc.boolean()),
    separate: member(fc.boolean()),
    continues: member(fc.constantFrom('AAAAAAAAAAAAAAAAAAAAAA', 'KNOWN')),
  },
  { requiredKeys: ['identity', 'name', 'size'] },
)
const completeBody = fc.record(
  {
    id: member(fc.constantFrom('AAAAAAAAAAAAAAAAAAAAAA', 'KNOWN')),
    size: member(fc.constantFrom(0, 1, 5)),
    crc64: member(fc.constantFrom('0', '18446744073709551615', '99999999999999999999')),
    etags: member(fc.array(member(fc.string({ maxLength: 40 })), { maxLength: 20 })),
    partRuns: member(
      fc.array(
        member(
          fc.record({ after: member(fc.integer()), partSize: member(fc.integer({ min: 1, max: 2 ** 23 })) }),
        ),
        { maxLength: 6 },
      ),
    ),
  },
  { requiredKeys: ['size'] },
)
const manyEtags = fc
  .integer({ min: 1, max: 10_000 })
  .map((count) => ({ size: 1, etags: Array.from({ length: count }, () => 0) }))
const batchBody = fc.record({
  open: member(fc.array(member(openBody), { maxLength: 5 })),
  complete: member(fc.array(member(completeBody), { maxLength: 5 })),
})
const accessBody = fc.record({
  partNumbers: member(fc.array(member(fc.integer({ min: 1, max: 12 })), { maxLength: 12 })),
  sizes: member(fc.array(fc.integer({ min: 0, max: 2 ** 23 }), { maxLength: 12 })),
})

const body = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.oneof(openBody, completeBody, batchBody, accessBody).map((value) => JSON.stringify(value)),
  },
  { weight: 1, arbitrary: manyEtags.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3_000 }).map((depth) => '['.repeat(depth)) },
)
const id = fc.oneof(
  { weight: 4, arbitrary: fc.constant('KNOWN') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('%00', 'a%00b', '%E0%A4%A', '..%2f..', '%ED%A0%80', 'x'.repeat(3_000)),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: 'binary', maxLength: 30 })
      .map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''))),
  },
)
const query = fc.oneof(
  fc.constantFrom(
    '',
    '?inline=1',
    '?state=done',
    '?state=open&limit=200',
    '?limit=0',
    '?cursor=%00',
    '?cursor=1.a',
    '?state[]=x',
  ),
  fc.string({ unit: fc.constantFrom(...Array.from('abc=&%0f[]')), maxLength: 30 }).map((text) => `?${text}`),
)
const path = fc.oneof(
  fc.constantFrom(
    '/api/uploads',
    '/api/uploads/batch',
    '/sts',
    '/healthz',
    '/',
    '/api',
    '/api/uploads//',
    '/api/../metrics',
  ),
  fc
    .tuple(id, fc.constantFrom('', '/access', '/parts', '/complete', '/link', '/object', '/nothing'))
    .map(([name, rest]) => `/api/uploads/${name}${rest}`),
)
const headers = fc.record(
  {
    host: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('localhost', 'app.example.com') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'xn--a',
          '1.2.3.4.5',
          '[',
          'a b',
          '[::1',
          'evil.example',
          ':80',
          'a:99999',
        ),
      },
    ),
    'content-type': fc.oneof({ weight: 6, arbitrary: fc.constant('application/json') }, headerText),
    cookie: headerText.map((text) => `carryon_owner_localhost=${text}; carryon_owner=${text}`),
    'carryon-owner': headerText,
    origin: fc.constantFrom('http://localhost', 'https://app.example.com', 'null', 'http://evil.example'),
    'x-forwarded-for': headerText,
    'x-forwarded-host': headerText,
    'x-forwarded-proto': headerText,
    'sec-fetch-mode': fc.constantFrom('cors', 'navigate', 'no-cors'),
  },
  { requiredKeys: ['host'] },
)
const method = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('GET', 'POST') },
  { weight: 1, arbitrary: fc.constantFrom('DELETE', 'HEAD', 'OPTIONS', 'PUT', 'PATCH') },
)

type Generated = readonly [
  verb: string,
  path: string,
  query: string,
  headers: Readonly<Record<string, string>>,
  body: string,
]

/** Makes a first upload, so that some requests find one. */
async function known(): Promise<{ id: string; key: string }> {
  const first = await rawRequest(
    `${api.url}/api/uploads`,
    { host: 'localhost', 'content-type': 'application/json' },
    'POST',
    JSON.stringify({ identity: '1:5:known', name: 'known.bin', size: 3 * 2 ** 20, partSize: 2 ** 20 }),
  )
  const { upload } = JSON.parse(first.body) as { upload: { id: string } }
  return { id: upload.id, key: String(first.headers['carryon-owner']) }
}

/** What is wrong with a response. Avoids `expect`, which takes as long as the server does. */
function faultOf(verb: string, { status, body: text }: RawAnswer): string | undefined {
  if (status >= 500) return 'A failure of ours'
  if (text.length > largestAnswer) return 'An answer out of proportion'
  if (status < 400 || verb === 'HEAD' || text === '') return undefined
  const problem = JSON.parse(text) as { status?: unknown; code?: unknown } | null
  return problem?.status === status && typeof problem.code === 'string'
    ? undefined
    : 'A refusal without a code'
}

test(`${requests} generated requests, FUZZ_SEED=${seed}: no failure of ours, no answer out of proportion`, async () => {
  console.log(`FUZZ_SEED=${seed}`)
  const upload = await known()
  let sent = 0
  const answerRight = async ([verb, address, asked, shown, content]: Generated) => {
    sent += 1
    const withBody = verb === 'POST' || verb === 'PUT' || verb === 'PATCH'
    const fill = (text: string) => text.replaceAll('KNOWN', upload.id)
    const answer = await rawRequest(
      api.url + fill(address) + asked,
      // Every second request comes from the owner of the existing upload.
      { ...(sent % 2 === 0 && { 'carryon-owner': upload.key }), ...shown },
      verb,
      withBody ? fill(content) : undefined,
    )
    const fault = faultOf(verb, answer)
    if (fault !== undefined) {
      expect.fail(`${fault} to ${verb} ${address}: ${answer.status} ${answer.body.slice(0, 500)}`)
    }
  }
  const generated = fc.tuple(method, path, query, headers, body)
  const several = fc.array(generated, { minLength: atOnce, maxLength: atOnce })
  await fc.assert(
    fc.asyncProperty(several, async (all) => {
      await Promise.all(all.map(answerRight))
    }),
    { seed, numRuns: requests / atOnce, interruptAfterTimeLimit: 840_000, markInterruptAsFailure: true },
  )
  expect((await rawRequest(`${api.url}/healthz`, { host: 'localhost' })).status).toBe(200)
  const failures = api.log.filter(({ severity }) => severity === 'error')
  expect(failures).toEqual([])
}, 900_000)
