import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { crc64Of } from '../testing/crc64-of.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { type PartPlan, sizeOfPart, withTail } from './part-plan.js'
import { tailPartSizeIn } from './part-tail.js'
import type { UploadView } from './upload-view.js'

const MiB = 2 ** 20

describe('the size of parts in the tail', () => {
  const sizes = fc.integer({ min: 13 * MiB, max: 400 * MiB })
  const tails = fc.integer({ min: 1, max: 32 }).map((count) => count * MiB)
  const open: PartPlan = { partSize: MiB, partCount: 0, tailAfter: 12, tailPartSize: null }
  const partsOf = (plan: PartPlan, size: number, numbers: readonly number[]) =>
    numbers.map((partNumber) => ({ partNumber, size: sizeOfPart(plan, size, partNumber), etag: '' }))

  test('parts follow each other and make up the file', () => {
    fc.assert(
      fc.property(sizes, tails, (size, tail) => {
        const plan = withTail(open, size, tail)
        const all = partsOf(
          plan,
          size,
          Array.from({ length: plan.partCount }, (_, index) => index + 1),
        )
        expect(all.reduce((sum, part) => sum + part.size, 0)).toBe(size)
        for (const part of all) expect(part.size).toBeGreaterThan(0)
      }),
    )
  })

  test('is told by any of them, so that what is stored fits the plan again', () => {
    fc.assert(
      fc.property(sizes, tails, fc.array(fc.nat(400), { maxLength: 8 }), (size, tail, picks) => {
        const plan = withTail(open, size, tail)
        const numbers = [...new Set(picks.map((pick) => 1 + (pick % plan.partCount)))].sort((a, b) => a - b)
        const stored = partsOf(plan, size, numbers)
        const told = tailPartSizeIn(open, size, stored)
        if (numbers.every((number) => number <= 12)) {
          expect(told).toBeNull()
          return
        }
        // The last part alone may be of several plans, among others of one without larger parts.
        expect(withTail(open, size, told).partCount).toBeGreaterThanOrEqual(Math.max(...numbers))
        if (numbers.some((number) => number > 12 && number < plan.partCount)) expect(told).toBe(tail)
      }),
    )
  })

  test('is what most bytes say where two machines have sent different ones', () => {
    const size = 200 * MiB
    const [small, large] = [withTail(open, size, 2 * MiB), withTail(open, size, 8 * MiB)]
    const stored = [...partsOf(large, size, [13, 14]), ...partsOf(small, size, [15, 16])]
    expect(tailPartSizeIn(open, size, stored)).toBe(8 * MiB)
    // Unless that would leave one over.
    expect(tailPartSizeIn(open, size, [...stored, ...partsOf(small, size, [90])])).toBe(MiB)
  })

  test.each([
    ['smaller than the first ones', { partNumber: 14, size: 5, etag: '' }],
    ['beyond any plan', { partNumber: 9_999, size: MiB, etag: '' }],
  ])('a part %s leaves all as it was', (_, part) => {
    expect(tailPartSizeIn(open, 20 * MiB, [part])).toBe(MiB)
  })

  test('there is none where all parts are of one size', () => {
    const stored = [{ partNumber: 14, size: 2 * MiB, etag: '' }]
    expect(tailPartSizeIn({ ...open, tailAfter: null }, 20 * MiB, stored)).toBeNull()
  })
})

describe('an upload with a tail', () => {
  const content = Buffer.alloc(16 * MiB + 7, 5)
  const request = { identity: '1:tail', name: 'a.bin', size: content.length, type: '', partSize: MiB }
  const cuts = [...Array.from({ length: 9 }, (_, index) => index), 9, 11, 13, 15].map((at) => at * MiB)
  const parts = cuts.map((start, index) => content.subarray(start, cuts[index + 1] ?? content.length))
  const claim = {
    size: content.length,
    crc64: crc64Of(content),
    etags: parts.map((part) => createHash('md5').update(part).digest('hex')),
    tailPartSize: 2 * MiB,
  }
  let setup: TestServer
  beforeEach(async () => {
    setup = await startTestServer()
  })
  afterEach(() => setup.close())
  const send = async ({ key, uploadId }: UploadView, partNumbers: readonly number[]) => {
    for (const partNumber of partNumbers) {
      const part = parts[partNumber - 1] ?? Buffer.from('beyond the plan')
      await setup.store.uploadPart({ key, uploadId: uploadId ?? '', partNumber }, part)
    }
  }
  const all = parts.map((_, index) => index + 1)

  test('is open until a part of it is stored, and then told to whoever opens it again', async () => {
    const { upload } = (await setup.api.open(request)).body
    expect(upload).toMatchObject({ partCount: 17, tail: { after: 9, partSize: null } })
    await send(upload, [1, 2, 11])
    const again = (await setup.api.open(request)).body.upload
    expect(again).toMatchObject({ id: upload.id, partCount: 13, tail: { after: 9, partSize: 2 * MiB } })
  })

  test('is completed as it was cut, and recorded so', async () => {
    const { upload } = (await setup.api.open(request)).body
    await send(upload, all)
    const { status, body } = await setup.api.complete(upload.id, claim)
    expect(status).toBe(200)
    expect(body.upload).toMatchObject({ partCount: 13, tail: { after: 9, partSize: 2 * MiB } })
    expect(setup.store.objects.get(upload.key)?.equals(content)).toBe(true)
    const found = await setup.api.call<{ duplicates: { upload: UploadView }[] }>('POST', '/api/uploads', {
      ...request,
      unlessDone: true,
    })
    expect(found.body.duplicates[0]?.upload.tail).toEqual({ after: 9, partSize: 2 * MiB })
  })

  test('with a part too many goes back to the plan that has a number for it', async () => {
    const { upload } = (await setup.api.open(request)).body
    await send(upload, [...all, 15])
    const differs = await setup.api.complete(upload.id, claim)
    expect(differs).toMatchObject({ status: 409, body: { code: 'parts-mismatch', partNumbers: [15] } })
    const again = (await setup.api.open(request)).body.upload
    expect(again).toMatchObject({ id: upload.id, partCount: 17, tail: { after: 9, partSize: MiB } })
  })

  test('keeps to the sizes that are claimed', async () => {
    const { upload } = (await setup.api.open(request)).body
    await send(upload, all)
    const equal = { ...claim, tailPartSize: undefined, etags: Array.from({ length: 17 }, () => 'x') }
    const differs = await setup.api.complete(upload.id, equal)
    expect(differs).toMatchObject({ status: 409, body: { code: 'parts-mismatch' } })
    for (const tailPartSize of [1, MiB / 2, MiB - 1, 2 * MiB + 1, 3 * MiB, 2 ** 40]) {
      const refused = await setup.api.complete(upload.id, { ...claim, tailPartSize })
      expect(refused, String(tailPartSize)).toMatchObject({ status: 400, body: { code: 'invalid-request' } })
    }
    expect((await setup.api.complete(upload.id, claim)).status).toBe(200)
  })

  test('none is given where the store takes parts of one size only, or the file has few', async () => {
    Object.assign(setup.store.capabilities, { equalParts: true })
    expect((await setup.api.open(request)).body.upload.tail).toBeNull()
    Object.assign(setup.store.capabilities, { equalParts: false })
    const small = { ...request, identity: '1:small', size: 9 * MiB }
    expect((await setup.api.open(small)).body.upload.tail).toBeNull()
  })
})
