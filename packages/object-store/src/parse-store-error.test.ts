import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStoreError } from './parse-store-error.js'
import { StoreError } from './store-error.js'

const noSuchUpload = `<?xml version='1.0' encoding='utf-8' ?>
<Error>
	<Code>NoSuchUpload</Code>
	<Message>The specified multipart upload does not exist &amp; more</Message>
	<Resource>examplebucket-1250000000.cos.ap-beijing.myqcloud.com/a.bin</Resource>
	<RequestId>NWFjMzQ0MDZfOTBmYTUwXzZkZV8z****</RequestId>
	<TraceId>OGVmYzZ=</TraceId>
</Error>`

describe('parseStoreError', () => {
  it('reads the code, the message and the request id', () => {
    const error = parseStoreError(404, {}, noSuchUpload, 'ListParts of "a.bin"')
    expect(error).toMatchObject({
      code: 'NoSuchUpload',
      status: 404,
      requestId: 'NWFjMzQ0MDZfOTBmYTUwXzZkZV8z****',
      retryable: false,
    })
    expect(error.message).toBe(
      'ListParts of "a.bin" was refused: NoSuchUpload (404): The specified multipart upload does not exist & more' +
        ' [request NWFjMzQ0MDZfOTBmYTUwXzZkZV8z****]',
    )
  })

  it('tolerates attributes, CDATA and numeric entities', () => {
    const body =
      '<Error xmlns="x"><Code a="1"><![CDATA[SlowDown]]></Code><Message>&#34;a&#x22;</Message></Error>'
    const error = parseStoreError(503, { 'x-cos-request-id': 'abc', 'retry-after': '3' }, body)
    expect(error).toMatchObject({ code: 'SlowDown', requestId: 'abc', retryAfter: 3000, retryable: true })
    expect(error.message).toContain('"a"')
  })

  it("tells the store's time from the body, else from the Date header", () => {
    const body =
      '<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2026-11-22T13:00:00Z</ServerTime></Error>'
    const date = 'Sun, 22 Nov 2026 12:00:00 GMT'
    expect(parseStoreError(403, { date }, body).storeTime).toEqual(new Date('2026-11-22T13:00:00Z'))
    expect(parseStoreError(403, { date }, '').storeTime).toEqual(new Date(date))
    expect(parseStoreError(403, { date: 'soon' }, '').storeTime).toBeUndefined()
  })

  it.each([
    [404, 'NotFound'],
    [403, 'AccessDenied'],
    [503, 'ServiceUnavailable'],
    [418, 'InvalidAnswer'],
    [502, 'InvalidAnswer'],
  ])('names status %i without an error body %s', (status, code) => {
    expect(parseStoreError(status, {}, '')).toMatchObject({ code, status })
    expect(parseStoreError(status, {}, '<html><Code>x</Code></html>')).toMatchObject({ code, status })
  })

  it('has an answer to any text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 599 }), fc.string(), (status, text) => {
        const error = parseStoreError(status, {}, `<Error><Code>${text}`)
        expect(error).toBeInstanceOf(StoreError)
        expect(error.code).not.toBe('')
      }),
    )
  })
})
