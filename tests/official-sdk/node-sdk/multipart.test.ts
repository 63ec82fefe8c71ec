import type COS from 'cos-nodejs-sdk-v5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/failure.js'
import { bucket, header, nodeClient, permanentCredentials } from '../support/node-client.js'
import { crc64, md5Base64, md5ETag, MiB, sampleBytes } from '../support/sample.js'
import { startStoreUnderTest, type StoreUnderTest } from '../support/store-under-test.js'
import { everything, temporaryCredentials } from '../support/temporary-credentials.js'

let store: StoreUnderTest
beforeAll(async () => {
  store = await startStoreUnderTest()
})
afterAll(() => store.close())

describe.each(['permanent', 'temporary'])('cos-nodejs-sdk-v5 sends parts with %s credentials', (kind) => {
  let cos: COS
  beforeAll(async () => {
    cos = nodeClient(
      store,
      kind === 'permanent' ? permanentCredentials : await temporaryCredentials(store, everything),
    )
  })

  const part = (number: number, size = MiB) => sampleBytes(size, `${kind} part ${number}`)

  async function begin(name: string) {
    const object = { ...bucket, Key: `${kind}/分块/${name}` }
    const { UploadId } = await cos.multipartInit(object)
    return { ...object, UploadId }
  }

  const send = (upload: COS.ObjectParams & { UploadId: string }, PartNumber: number, Body: Buffer) =>
    cos.multipartUpload({ ...upload, PartNumber, Body, Headers: { 'Content-MD5': md5Base64(Body) } })

  it('from initiate to complete', async () => {
    const object = { ...bucket, Key: `${kind}/分块/whole.bin` }
    const { UploadId } = await cos.multipartInit({
      ...object,
      ContentType: 'video/mp4',
      'x-cos-meta-name': 'whole',
    })
    expect(UploadId).toMatch(/^\S{16,}$/)
    const upload = { ...object, UploadId }
    const bodies = [part(1), part(2, MiB + 1), part(3, 10)]
    const Parts: COS.Part[] = []
    // Out of order, since parts may arrive in any order.
    for (const PartNumber of [2, 3, 1]) {
      const Body = bodies[PartNumber - 1] ?? Buffer.alloc(0)
      const sent = await send(upload, PartNumber, Body)
      expect(sent.ETag).toBe(md5ETag(Body))
      expect(header(sent, 'x-cos-hash-crc64ecma')).toBe(await crc64(Body))
      Parts.push({ PartNumber, ETag: sent.ETag })
    }
    expect(await failureOf(cos.headObject(object))).toMatchObject({ statusCode: 404 })

    Parts.sort((a, b) => a.PartNumber - b.PartNumber)
    const completed = await cos.multipartComplete({ ...upload, Parts })
    const whole = Buffer.concat(bodies)
    expect(completed.statusCode).toBe(200)
    expect(completed.ETag).toMatch(/^"[0-9a-f]{32}-3"$/)

    const got = await cos.getObject(object)
    expect(got.Body.equals(whole)).toBe(true)
    expect(got.ETag).toBe(completed.ETag)
    expect(header(got, 'x-cos-hash-crc64ecma')).toBe(await crc64(whole))
    expect(header(got, 'content-type')).toBe('video/mp4')
    expect(header(got, 'x-cos-meta-name')).toBe('whole')
    const across = await cos.getObject({ ...object, Range: `bytes=${MiB - 2}-${2 * MiB + 3}` })
    expect(across.Body.equals(whole.subarray(MiB - 2, 2 * MiB + 4))).toBe(true)

    expect(await failureOf(cos.multipartListPart(upload))).toMatchObject({
      statusCode: 404,
      code: 'NoSuchUpload',
    })
  })

  it('lists the parts it has, in pages', async () => {
    const upload = await begin('listed.bin')
    expect((await cos.multipartListPart(upload)).Part).toEqual([])
    for (const number of [5, 1, 3]) await send(upload, number, part(number))
    // The SDK declares numbers but returns the text from the XML.
    const all = await cos.multipartListPart(upload)
    expect(all.Part.map(({ PartNumber, ETag, Size }) => [String(PartNumber), ETag, String(Size)])).toEqual(
      [1, 3, 5].map((number) => [String(number), md5ETag(part(number)), String(MiB)]),
    )
    expect(all.IsTruncated).toBe('false')

    const first = await cos.multipartListPart({ ...upload, MaxParts: 2 })
    expect(first.Part.map((entry) => String(entry.PartNumber))).toEqual(['1', '3'])
    expect(first.IsTruncated).toBe('true')
    const rest = await cos.multipartListPart({
      ...upload,
      PartNumberMarker: String(first.NextPartNumberMarker),
    })
    expect(rest.Part.map((entry) => String(entry.PartNumber))).toEqual(['5'])
    await cos.multipartAbort(upload)
  })

  it('replaces a part sent again', async () => {
    const upload = await begin('replaced.bin')
    await send(upload, 1, part(7))
    const again = await send(upload, 1, part(8))
    const listed = await cos.multipartListPart(upload)
    expect(listed.Part.map((entry) => entry.ETag)).toEqual([md5ETag(part(8))])
    await cos.multipartComplete({ ...upload, Parts: [{ PartNumber: 1, ETag: again.ETag }] })
    expect((await cos.getObject({ ...bucket, Key: upload.Key })).Body.equals(part(8))).toBe(true)
  })

  it('lists the uploads in progress, by prefix and in pages', async () => {
    const names = ['list-a.bin', 'list-b.bin', 'list-b.bin', 'list-续.bin']
    const uploads = []
    for (const name of names) uploads.push(await begin(name))
    const everyId = uploads.map((upload) => upload.UploadId).sort()

    const Prefix = `${kind}/分块/list-`
    const all = await cos.multipartList({ ...bucket, Prefix, Delimiter: '' })
    expect(all.Upload.map((upload) => upload.Key)).toEqual(uploads.map((upload) => upload.Key))
    expect(all.Upload.map((upload) => upload.UploadId).sort()).toEqual(everyId)
    expect(all.Upload[0]?.Initiated).toMatch(/^\d{4}-\d\d-\d\dT/)

    const seen: string[] = []
    let marker: { KeyMarker?: string; UploadIdMarker?: string } = {}
    for (let pages = 0; pages < names.length; pages++) {
      const page = await cos.multipartList({ ...bucket, Prefix, Delimiter: '', MaxUploads: 1, ...marker })
      seen.push(...page.Upload.map((upload) => upload.UploadId))
      if (page.IsTruncated === 'false') break
      marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
    }
    expect([...seen].sort()).toEqual(everyId)

    const one = await cos.multipartList({ ...bucket, Prefix: `${Prefix}a`, Delimiter: '' })
    expect(one.Upload.map((upload) => upload.Key)).toEqual([uploads[0]?.Key])
    for (const upload of uploads) await cos.multipartAbort(upload)
    expect((await cos.multipartList({ ...bucket, Prefix, Delimiter: '' })).Upload).toEqual([])
  })

  it('aborts: the parts are gone, and more of them are refused', async () => {
    const upload = await begin('aborted.bin')
    await send(upload, 1, part(1))
    expect((await cos.multipartAbort(upload)).statusCode).toBe(204)
    for (const call of [
      send(upload, 2, part(2)),
      cos.multipartListPart(upload),
      cos.multipartAbort(upload),
      cos.multipartComplete({ ...upload, Parts: [{ PartNumber: 1, ETag: md5ETag(part(1)) }] }),
    ]) {
      expect(await failureOf(call)).toMatchObject({ statusCode: 404, code: 'NoSuchUpload' })
    }
    expect(await failureOf(cos.headObject({ ...bucket, Key: upload.Key }))).toMatchObject({ statusCode: 404 })
  })

  it('aborts every upload of a key at once', async () => {
    const first = await begin('abort-all.bin')
    await begin('abort-all.bin')
    await cos.abortUploadTask({ ...bucket, Key: first.Key, Level: 'file' })
    expect((await cos.multipartList({ ...bucket, Prefix: first.Key, Delimiter: '' })).Upload).toEqual([])
  })
})
