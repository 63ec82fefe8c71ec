import { expect, it } from 'vitest'
import { bytes, crc64, md5 } from './content.js'
import type { ContractContext } from './contract.js'

/** Keys that can come from file names and that encoding, signing or URL parsing could get wrong. */
export const oddKeys = [
  '../ 空 格&<b>+%.bin',
  'a/./b/../c',
  '!\'()*;:@&=+$,?#[]"%~`^{}|\\',
  'smile \u{1f600}/ümlaut/e\u0301',
  '%2F%2e%2E',
  'double//slash',
  'trailing/',
  ' leading and trailing ',
]

export function objects(current: () => ContractContext): void {
  it('keep their bytes, size, ETag and checksum', async () => {
    const { store } = current()
    const body = bytes(100_000, 1)
    const receipt = await store.putObject('objects/plain.bin', body, {
      contentType: 'application/x-test',
      contentMd5: md5(body, 'base64'),
    })
    const info = await store.headObject('objects/plain.bin')
    expect(info).toMatchObject({ size: body.length, ...receipt })
    expect(Math.abs((info?.lastModified.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
    if (store.capabilities.etagIsMd5) expect(receipt.etag).toBe(md5(body))
    const { objectChecksum } = store.capabilities
    if (objectChecksum !== null) expect(receipt.crc64).toBe(crc64(body, objectChecksum))

    const response = await store.getObject('objects/plain.bin')
    expect(response.headers.get('content-type')).toBe('application/x-test')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body)
  })

  it('take a Blob as they take bytes', async () => {
    const { store } = current()
    const body = bytes(1000, 2)
    await store.putObject('objects/blob.bin', new Blob([body]))
    const response = await store.getObject('objects/blob.bin')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body)
  })

  it('may be empty', async () => {
    const { store } = current()
    const receipt = await store.putObject('objects/empty', new Uint8Array())
    expect(await store.headObject('objects/empty')).toMatchObject({ size: 0, ...receipt })
    expect((await (await store.getObject('objects/empty')).arrayBuffer()).byteLength).toBe(0)
    if (store.capabilities.objectChecksum !== null) expect(receipt.crc64).toBe('0')
  })

  it('are read in ranges from a start to before an end', async () => {
    const { store } = current()
    const body = bytes(1000, 3)
    await store.putObject('objects/range.bin', body)
    for (const [start, end] of [
      [0, 1],
      [10, 20],
      [999, 1000],
      [990, 5000],
    ] as const) {
      const response = await store.getObject('objects/range.bin', { start, end })
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(body.slice(start, end))
    }
    const beyond = store.getObject('objects/range.bin', { start: 1000, end: 1001 })
    await expect(beyond).rejects.toMatchObject({ code: 'InvalidRange', status: 416 })
  })

  it('carry the download name that they were given', async () => {
    const { store } = current()
    const contentDisposition = "attachment; filename*=UTF-8''%E7%A9%BA.bin"
    await store.putObject('objects/named.bin', bytes(1, 4), { contentDisposition })
    const response = await store.getObject('objects/named.bin')
    await response.body?.cancel()
    expect(response.headers.get('content-disposition')).toBe(contentDisposition)
  })

  it('are refused when the bytes are not those of the MD5', async () => {
    const { store } = current()
    const put = store.putObject('objects/digest.bin', bytes(10, 5), {
      contentMd5: md5(bytes(10, 6), 'base64'),
    })
    await expect(put).rejects.toMatchObject({ code: 'BadDigest', status: 400 })
    expect(await store.headObject('objects/digest.bin')).toBeNull()
  })

  it('are gone once deleted, and deleting them again does no harm', async () => {
    const { store } = current()
    await store.putObject('objects/deleted.bin', bytes(1, 9))
    await store.deleteObject('objects/deleted.bin')
    await store.deleteObject('objects/deleted.bin')
    expect(await store.headObject('objects/deleted.bin')).toBeNull()
    await expect(store.getObject('objects/deleted.bin')).rejects.toMatchObject({
      code: 'NoSuchKey',
      status: 404,
    })
  })

  it.each(oddKeys)('may have the key %j', async (key) => {
    const { store } = current()
    const body = new TextEncoder().encode(key)
    await store.putObject(key, body)
    expect(await store.headObject(key)).toMatchObject({ size: body.length })
    expect(await (await store.getObject(key)).text()).toBe(key)
    await store.deleteObject(key)
    expect(await store.headObject(key)).toBeNull()
  })
}
