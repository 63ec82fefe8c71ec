import type { Check } from '../check.js'

const body = '0123456789'
const long = 'Wed, 21 Oct 2015 07:28:00 GMT'
const later = 'Wed, 21 Oct 2035 07:28:00 GMT'

export const readingChecks: readonly Check[] = [
  ...(
    [
      ['from the start', 'bytes=0-3', '0123', 'bytes 0-3/10'],
      ['to the end', 'bytes=6-', '6789', 'bytes 6-9/10'],
      ['of the last bytes', 'bytes=-2', '89', 'bytes 8-9/10'],
      ['that reaches beyond the end', 'bytes=8-100', '89', 'bytes 8-9/10'],
    ] as const
  ).map(([name, range, content, contentRange]): Check => ({
    name: `A range ${name} is 206`,
    document: '436/7753',
    run: async (trial) => {
      await trial.given('a', body)
      const reply = await trial.object('GET', 'a', { headers: { range } })
      trial.answers('status', reply, 206)
      trial.is('content', reply.body.toString(), content)
      trial.is('Content-Range', reply.headers['content-range'], contentRange)
      trial.is('Accept-Ranges', reply.headers['accept-ranges'], 'bytes')
    },
  })),
  {
    name: 'A range behind the end is 416',
    document: '436/7753',
    run: async (trial) => {
      await trial.given('a', body)
      const reply = await trial.object('GET', 'a', { headers: { range: 'bytes=10-20' } })
      trial.answers('answer', reply, 416, 'InvalidRange')
    },
  },
  {
    name: 'For several ranges the answer has them all, or is the whole',
    document: null,
    run: async (trial) => {
      await trial.given('a', body)
      const reply = await trial.object('GET', 'a', { headers: { range: 'bytes=0-1,4-5' } })
      if (reply.status === 200) {
        trial.is('content', reply.body.toString(), body)
        return
      }
      trial.answers('status', reply, 206)
      trial.matches('Content-Type', reply.headers['content-type'], /^multipart\/byteranges;/)
      trial.matches('content', reply.body.toString(), /\r\n01\r\n[^]*\r\n45\r\n/)
    },
  },
  {
    name: 'Conditions of a GET: 304 and 412',
    document: '436/7753',
    run: async (trial) => {
      const { etag = '' } = (await trial.given('a', body)).headers
      const get = async (headers: Readonly<Record<string, string>>): Promise<number> =>
        (await trial.object('GET', 'a', { headers })).status
      trial.is('If-Match that fits', await get({ 'if-match': etag }), 200)
      trial.is('If-Match of another', await get({ 'if-match': '"other"' }), 412)
      trial.is('If-None-Match that fits', await get({ 'if-none-match': etag }), 304)
      trial.is('If-None-Match of another', await get({ 'if-none-match': '"other"' }), 200)
      trial.is('If-Modified-Since later', await get({ 'if-modified-since': later }), 304)
      trial.is('If-Modified-Since before', await get({ 'if-modified-since': long }), 200)
      trial.is('If-Unmodified-Since before', await get({ 'if-unmodified-since': long }), 412)
    },
  },
  {
    name: 'A range is the whole when If-Range names another ETag',
    document: null,
    run: async (trial) => {
      await trial.given('a', body)
      const headers = { range: 'bytes=0-1', 'if-range': '"other"' }
      trial.answers('status', await trial.object('GET', 'a', { headers }), 200)
    },
  },
  {
    name: 'response-* replaces headers of the answer',
    document: '436/7753',
    run: async (trial) => {
      await trial.given('a', body, { 'content-type': 'text/plain' })
      const query = {
        'response-content-type': 'application/x-replaced',
        'response-content-disposition': 'attachment; filename="b"',
        'response-cache-control': 'no-store',
      }
      const { headers } = await trial.object('GET', 'a', { query })
      for (const [name, value] of Object.entries(query)) {
        const header = name.replace('response-', '')
        trial.is(header, headers[header], value)
      }
    },
  },
]
