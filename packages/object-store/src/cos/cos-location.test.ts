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
