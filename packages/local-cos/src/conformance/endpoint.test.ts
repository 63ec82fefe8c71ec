import { expect, it } from 'vitest'
import { endpointOf } from './endpoint.js'

const bucket = 'examplebucket-1250000000'
const host = `${bucket}.cos.ap-guangzhou.myqcloud.com`

it.each([
  [undefined, ['https:', host, '', host]],
  ['http://127.0.0.1:3001', ['http:', '127.0.0.1', '3001', host]],
  ['http://[::1]:3001', ['http:', '::1', '3001', host]],
  ['http://localhost:3001/', ['http:', 'localhost', '3001', host]],
  [
    'https://cos.ap-guangzhou.tencentcos.cn',
    ['https:', `${bucket}.cos.ap-guangzhou.tencentcos.cn`, '', `${bucket}.cos.ap-guangzhou.tencentcos.cn`],
  ],
  [`https://${bucket}.example.com`, ['https:', `${bucket}.example.com`, '', `${bucket}.example.com`]],
])('%s is asked with a Host that names the bucket', (given, expected) => {
  const endpoint = endpointOf(bucket, 'ap-guangzhou', given)
  expect([endpoint.protocol, endpoint.hostname, endpoint.port, endpoint.host]).toEqual(expected)
})

it.each(['127.0.0.1:3001', 'ftp://a', 'http://a/b', 'http://a?b', 'http://user@a', ''])(
  '%j is refused',
  (given) => {
    expect(() => endpointOf(bucket, 'ap-guangzhou', given)).toThrow('--endpoint must be')
  },
)

it('needs a bucket and a region that can be', () => {
  expect(() => endpointOf('no', 'ap-guangzhou', undefined)).toThrow('NAME-APPID')
  expect(() => endpointOf(bucket, 'ap guangzhou', undefined)).toThrow('--region')
})
