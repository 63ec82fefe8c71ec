import { describe, expect, test } from 'vitest'
import { connectionFailure } from './connection-failure.js'

const url = new URL('https://files.example.com:8443/api')

/** An error as `fetch` throws it: the connection error is its cause. */
function failed(code: string, message = code): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

describe('connectionFailure', () => {
  test.each([
    ['ENOTFOUND', 'unknown-name', 'there is no host files.example.com'],
    ['EAI_AGAIN', 'in-time', 'cannot be looked up now'],
    ['ECONNREFUSED', 'in-time', 'nothing listens at files.example.com:8443'],
    ['UND_ERR_CONNECT_TIMEOUT', 'in-time', 'does not answer'],
    ['ECONNRESET', 'in-time', 'closed the connection'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'never', 'NODE_EXTRA_CA_CERTS'],
    ['CERT_HAS_EXPIRED', 'never', 'certificate of files.example.com:8443'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'never', 'another name'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'never', 'is it http://'],
    ['HPE_INVALID_CONSTANT', 'never', 'is it https://'],
    ['ESOMETHING', 'in-time', 'ESOMETHING'],
  ])('%s recovers %s', (code, recovery, words) => {
    expect(connectionFailure(failed(code), url)).toEqual({
      recovery,
      message: expect.stringContaining(words) as string,
    })
  })

  test('of several addresses that refused, the first speaks', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const cause = new AggregateError([refused, refused])
    expect(connectionFailure(new TypeError('fetch failed', { cause }), url).message).toContain(
      'nothing listens',
    )
  })

  test('an answer that did not come in time is one that may come', () => {
    const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    expect(connectionFailure(late, url)).toMatchObject({ recovery: 'in-time' })
  })
})
