import { describe, expect, it } from 'vitest'
import { cosLocation } from './cos-location.js'

const place = { bucket: 'b-1250000000', region: 'ap-guangzhou' }

describe('cosLocation', () => {
  it.each([
    [{}, 'https://b-1250000000.cos.ap-guangzhou.myqcloud.com'],
    [{ accelerate: true }, 'https://b-1250000000.cos.accelerate.myqcloud.com'],
    [{ endpoint: 'http://127.0.0.1:3001' }, 'http://127.0.0.1:3001/b-1250000000'],
    [{ endpoint: 'http://127.0.0.1:3001/' }, 'http://127.0.0.1:3001/b-1250000000'],
    [{ endpoint: 'http://127.0.0.1:3001/b-1250000000/' }, 'http://127.0.0.1:3001/b-1250000000'],
    [{ endpoint: 'https://store.example.com/cos' }, 'https://store.example.com/cos/b-1250000000'],
    [{ endpoint: 'http://store:3001' }, 'http://store:3001/b-1250000000'],
    [{ endpoint: 'http://cos.localhost:3001' }, 'http://cos.localhost:3001/b-1250000000'],
    [{ endpoint: 'http://[::1]:3001' }, 'http://[::1]:3001/b-1250000000'],
    [{ endpoint: 'https://upload.example.com' }, 'https://upload.example.com'],
    [{ endpoint: 'https://upload.example.com:8443/' }, 'https://upload.example.com:8443'],
    [{ endpoint: 'https://例子.中国' }, 'https://xn--fsqu00a.xn--fiqs8s'],
    [
      { endpoint: 'https://cos.ap-guangzhou.myqcloud.com' },
      'https://cos.ap-guangzhou.myqcloud.com/b-1250000000',
    ],
    [{ endpoint: 'https://store.example.com/b-1250000000' }, 'https://store.example.com/b-1250000000'],
    [
      { endpoint: 'https://b-1250000000.cos.ap-guangzhou.tencentcos.cn' },
      'https://b-1250000000.cos.ap-guangzhou.tencentcos.cn',
    ],
  ])('%j is at %s', (options, baseUrl) => {
    expect(cosLocation({ ...place, ...options })).toEqual({ dialect: 'cos', baseUrl, ...place })
  })

  it('refuses an endpoint that is no address', () => {
    expect(() => cosLocation({ ...place, endpoint: '127.0.0.1' })).toThrow(TypeError)
  })
})
