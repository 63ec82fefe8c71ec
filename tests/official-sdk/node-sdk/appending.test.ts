import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, header, nodeClient } from '../support/node-client.js'
import { crc64 } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'

const object = { ...bucket, Key: 'append/日志.txt' }

let store: StoreUnderTest
let cos: COS
beforeAll(async () => {
  store = await startStoreUnderTest()
  cos = nodeClient(store)
})
afterAll(() => store.close())

describe('cos-nodejs-sdk-v5 appends', () => {
  it('to the length that HEAD tells, and to the position of the last answer', async () => {
    await cos.appendObject({ ...object, Body: '12345', Position: 0 })
    const position = Number(header(await cos.headObject(object), 'content-length'))
    const second = await cos.appendObject({ ...object, Body: '67', Position: position })
    await cos.appendObject({
      ...object,
      Body: '8',
      Position: Number(header(second, 'x-cos-next-append-position')),
    })
    const read = await cos.getObject(object)
    expect(read.Body.toString()).toBe('12345678')
    expect(header(read, 'x-cos-hash-crc64ecma')).toBe(await crc64(read.Body))
    expect(header(read, 'x-cos-object-type')).toBe('appendable')
  })

  it('nowhere else', async () => {
    const wrong = cos.appendObject({ ...object, Body: 'x', Position: 3 })
    expect(await failureOf(wrong)).toMatchObject({ statusCode: 409 })
    const normal = { ...bucket, Key: 'append/normal.txt' }
    await cos.putObject({ ...normal, Body: 'x' })
    const refused = cos.appendObject({ ...normal, Body: 'x', Position: 1 })
    expect(await failureOf(refused)).toMatchObject({ statusCode: 409, code: 'ObjectNotAppendable' })
  })
})
