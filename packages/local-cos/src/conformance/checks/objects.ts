import { md5Base64, md5Hex, type Check } from '../check.js'

const body = '[Object Content]'
/** From the document's example. */
const crc64 = '16749565679157681890'

export const objectChecks: readonly Check[] = [
  {
    name: 'PutObject answers the MD5 as ETag, and the CRC-64',
    document: '436/7749',
    run: async (trial) => {
      const put = await trial.object('PUT', 'a', { body })
      trial.answers('status', put, 200)
      trial.is('ETag', put.headers.etag, `"${md5Hex(body)}"`)
      trial.is('x-cos-hash-crc64ecma', put.headers['x-cos-hash-crc64ecma'], crc64)
    },
  },
  {
    name: 'Every answer names its request, and the server',
    document: '436/7729',
    run: async (trial) => {
      const { headers } = await trial.given('a', body)
      trial.matches('x-cos-request-id', text(headers['x-cos-request-id']), /^[\w+/=-]{10,}$/)
      trial.is('Server', headers['server'], 'tencent-cos')
      trial.matches('Date', headers.date, / GMT$/)
    },
  },
  {
    name: 'An error is XML with code, message, resource and ids',
    document: '436/7730',
    run: async (trial) => {
      const reply = await trial.object('GET', 'missing')
      trial.answers('answer', reply, 404, 'NoSuchKey')
      trial.is('Content-Type', reply.headers['content-type'], 'application/xml')
      trial.is('RequestId', reply.text('RequestId'), reply.headers['x-cos-request-id'])
      trial.matches('Message', reply.text('Message'), /./)
      trial.matches('Resource', reply.text('Resource'), /missing$/)
      trial.matches('TraceId', reply.text('TraceId'), /./)
    },
  },
  {
    name: 'HEAD of a missing object is 404 without a body',
    document: '436/7745',
    run: async (trial) => {
      const reply = await trial.object('HEAD', 'missing')
      trial.answers('status', reply, 404)
      trial.is('bytes of the body', reply.body.length, 0)
    },
  },
  {
    name: 'PutObject refuses a body that is not that of Content-MD5',
    document: '436/7730',
    run: async (trial) => {
      const reply = await trial.object('PUT', 'a', { body, headers: { 'content-md5': md5Base64('other') } })
      trial.answers('another MD5', reply, 400, 'BadDigest')
      const malformed = await trial.object('PUT', 'a', { body, headers: { 'content-md5': 'x' } })
      trial.answers('no MD5', malformed, 400, 'InvalidDigest')
      trial.answers('HEAD', await trial.object('HEAD', 'a'), 404)
    },
  },
  {
    name: 'PutObject replaces an object, unless x-cos-forbid-overwrite says not to',
    document: '436/7749',
    run: async (trial) => {
      await trial.given('a', 'first')
      trial.answers('PUT', await trial.object('PUT', 'a', { body: 'second' }), 200)
      const headers = { 'x-cos-forbid-overwrite': 'true' }
      const refused = await trial.object('PUT', 'a', { body: 'third', headers })
      trial.answers('PUT with x-cos-forbid-overwrite', refused, 409, 'FileAlreadyExists')
      trial.is('content', (await trial.object('GET', 'a')).body.toString(), 'second')
    },
  },
  {
    name: 'Headers and metadata of an object are given back',
    document: '436/7749',
    run: async (trial) => {
      const headers = {
        'content-type': 'text/x-conformance',
        'cache-control': 'max-age=60',
        'content-disposition': 'attachment; filename="a.txt"',
        'content-encoding': 'identity',
        expires: 'Wed, 21 Oct 2035 07:28:00 GMT',
        'x-cos-meta-author': 'Someone',
      }
      await trial.given('a', body, headers)
      const head = await trial.object('HEAD', 'a')
      for (const [name, value] of Object.entries(headers)) trial.is(name, head.headers[name], value)
      trial.is('Content-Length', head.headers['content-length'], String(body.length))
      trial.is('x-cos-hash-crc64ecma', head.headers['x-cos-hash-crc64ecma'], crc64)
    },
  },
  {
    name: 'Metadata of more than 2 KB is refused',
    document: '436/7749',
    run: async (trial) => {
      const reply = await trial.object('PUT', 'a', {
        body,
        headers: { 'x-cos-meta-large': 'x'.repeat(3000) },
      })
      trial.is('status', reply.status, 400)
    },
  },
  {
    name: 'A storage class is kept; STANDARD is not named',
    document: '436/7745',
    run: async (trial) => {
      await trial.given('a', body, { 'x-cos-storage-class': 'STANDARD_IA' })
      await trial.given('b', body)
      const head = async (key: string): Promise<unknown> =>
        (await trial.object('HEAD', key)).headers['x-cos-storage-class']
      trial.is('of STANDARD_IA', await head('a'), 'STANDARD_IA')
      trial.is('of STANDARD', await head('b'), undefined)
    },
  },
  {
    name: 'An unknown storage class is refused',
    document: '436/33417',
    run: async (trial) => {
      const reply = await trial.object('PUT', 'a', { body, headers: { 'x-cos-storage-class': 'NONE_SUCH' } })
      trial.is('status', reply.status, 400)
    },
  },
  {
    name: 'SSE-COS is answered as asked for',
    document: '436/18145',
    run: async (trial) => {
      const put = await trial.given('a', body, { 'x-cos-server-side-encryption': 'AES256' })
      trial.is('x-cos-server-side-encryption', put.headers['x-cos-server-side-encryption'], 'AES256')
      trial.is('ETag', put.headers.etag, `"${md5Hex(body)}"`)
    },
  },
  {
    name: 'A body of unknown length is stored',
    document: '436/7749',
    run: async (trial) => {
      trial.answers('PUT', await trial.object('PUT', 'a', { body, chunked: true }), 200)
      trial.is('content', (await trial.object('GET', 'a')).body.toString(), body)
    },
  },
  {
    name: 'An empty object is an object',
    document: '436/7749',
    run: async (trial) => {
      const put = await trial.given('a', '')
      trial.is('x-cos-hash-crc64ecma', put.headers['x-cos-hash-crc64ecma'], '0')
      trial.is('Content-Length', (await trial.object('HEAD', 'a')).headers['content-length'], '0')
    },
  },
  {
    name: 'DELETE is 204, also of what is not there',
    document: '436/7743',
    run: async (trial) => {
      await trial.given('a', body)
      trial.answers('of an object', await trial.object('DELETE', 'a'), 204)
      trial.answers('again', await trial.object('DELETE', 'a'), 204)
      trial.answers('HEAD', await trial.object('HEAD', 'a'), 404)
    },
  },
  {
    name: 'DeleteMultipleObjects deletes, and counts what is not there as deleted',
    document: '436/8289',
    run: async (trial) => {
      await trial.given('a', body)
      const reply = await trial.deleteMany(['a', 'missing'], false)
      trial.answers('answer', reply, 200)
      const deleted = reply.xml.children.filter(({ name }) => name === 'Deleted').length
      trial.is('elements Deleted', deleted, 2)
      trial.is('with Quiet', (await trial.deleteMany(['a'], true)).xml.children.length, 0)
      trial.answers('HEAD', await trial.object('HEAD', 'a'), 404)
    },
  },
]

function text(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : ''
}
