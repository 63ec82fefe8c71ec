import { createCrc64 } from '../../digest/crc64.js'
import { md5Hex, type Check, type Trial } from '../check.js'
import { Multipart, partBytes, smallestPart } from './multipart-calls.js'

/** An upload with its first part as small as it may be and a last one of three bytes. */
async function twoParts(trial: Trial): Promise<{
  readonly upload: Multipart
  readonly etags: readonly [string | undefined, string | undefined]
}> {
  const upload = new Multipart(trial)
  await upload.begin()
  const first = trial.needs('part 1', await upload.part(1, partBytes(smallestPart, 1)))
  const last = trial.needs('part 2', await upload.part(2, 'end'))
  return { upload, etags: [first.headers.etag, last.headers.etag] }
}

const partNumbers = (reply: Awaited<ReturnType<Multipart['list']>>): string =>
  reply.xml.children
    .filter(({ name }) => name === 'Part')
    .map((part) => part.children.find(({ name }) => name === 'PartNumber')?.text)
    .join()

export const multipartChecks: readonly Check[] = [
  {
    name: 'InitiateMultipartUpload answers bucket, key and upload id',
    document: '436/7746',
    run: async (trial) => {
      const reply = await new Multipart(trial).begin()
      trial.is('element', reply.xml.name, 'InitiateMultipartUploadResult')
      trial.is('Bucket', reply.text('Bucket'), trial.bucket)
      trial.is('Key', reply.text('Key'), `${trial.folder}a`)
      trial.matches('UploadId', reply.text('UploadId'), /^\w{20,}$/)
    },
  },
  {
    name: 'UploadPart answers the MD5 as ETag, and the CRC-64 of the part',
    document: '436/7750',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin()
      const part = await upload.part(1, '[Object Part]')
      trial.answers('status', part, 200)
      trial.is('ETag', part.headers.etag, `"${md5Hex('[Object Part]')}"`)
      trial.is('x-cos-hash-crc64ecma', part.headers['x-cos-hash-crc64ecma'], '4510578591875220731')
    },
  },
  {
    name: 'Complete joins the parts: ETag with their number, CRC-64 of the whole',
    document: '436/7742',
    run: async (trial) => {
      const { upload, etags } = await twoParts(trial)
      trial.answers('HEAD before', await trial.object('HEAD', 'a'), 404)
      const done = await upload.complete([
        [1, etags[0]],
        [2, etags[1]],
      ])
      trial.answers('status', done, 200)
      trial.is('Key', done.text('Key'), `${trial.folder}a`)
      trial.matches('ETag', done.text('ETag'), /^"[0-9a-f]{32}-2"$/)
      const head = await trial.object('HEAD', 'a')
      const crc = await createCrc64()
      crc.update(partBytes(smallestPart, 1))
      crc.update(Buffer.from('end'))
      trial.is('x-cos-hash-crc64ecma', head.headers['x-cos-hash-crc64ecma'], crc.digest().toString())
      trial.is('Content-Length', head.headers['content-length'], String(smallestPart + 3))
      trial.is('ETag of HEAD', head.headers.etag, done.text('ETag'))
    },
  },
  {
    name: 'Headers given at the start are those of the object',
    document: '436/7746',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin({ 'content-type': 'text/x-conformance', 'x-cos-meta-author': 'Someone' })
      const part = trial.needs('part 1', await upload.part(1, 'x'))
      trial.needs('complete', await upload.complete([[1, part.headers.etag]]))
      const { headers } = await trial.object('HEAD', 'a')
      trial.is('Content-Type', headers['content-type'], 'text/x-conformance')
      trial.is('x-cos-meta-author', headers['x-cos-meta-author'], 'Someone')
    },
  },
  {
    name: 'ListParts lists in order of numbers, in pages',
    document: '436/7747',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin()
      for (const number of [3, 1, 2]) trial.needs('part', await upload.part(number, 'x'))
      trial.is('parts', partNumbers(await upload.list()), '1,2,3')
      const page = await upload.list({ 'max-parts': '2' })
      trial.is('parts of a page', partNumbers(page), '1,2')
      trial.is('IsTruncated', page.text('IsTruncated'), 'true')
      trial.is('NextPartNumberMarker', page.text('NextPartNumberMarker'), '2')
      trial.is('parts behind', partNumbers(await upload.list({ 'part-number-marker': '2' })), '3')
    },
  },
  {
    name: 'A part that is sent again replaces the one before',
    document: '436/7750',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin()
      trial.needs('part 1', await upload.part(1, 'first'))
      const { etag } = trial.needs('part 1', await upload.part(1, 'second')).headers
      trial.needs('complete', await upload.complete([[1, etag]]))
      trial.is('content', (await trial.object('GET', 'a')).body.toString(), 'second')
    },
  },
  {
    name: 'Complete refuses a part below 1 MiB that is not the last',
    document: '436/7742',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin()
      const first = trial.needs('part 1', await upload.part(1, 'small'))
      const last = trial.needs('part 2', await upload.part(2, 'end'))
      const reply = await upload.complete([
        [1, first.headers.etag],
        [2, last.headers.etag],
      ])
      trial.is('code', reply.code, 'EntityTooSmall')
    },
  },
  {
    name: 'Complete refuses parts out of order',
    document: '436/7742',
    run: async (trial) => {
      const { upload, etags } = await twoParts(trial)
      const reply = await upload.complete([
        [2, etags[1]],
        [1, etags[0]],
      ])
      trial.is('code', reply.code, 'InvalidPartOrder')
    },
  },
  {
    name: 'Complete refuses a part that is missing or has another ETag',
    document: '436/7742',
    run: async (trial) => {
      const { upload, etags } = await twoParts(trial)
      const other = `"${md5Hex('other')}"`
      trial.is(
        'another ETag',
        (
          await upload.complete([
            [1, etags[0]],
            [2, other],
          ])
        ).code,
        'InvalidPart',
      )
      trial.is(
        'missing',
        (
          await upload.complete([
            [1, etags[0]],
            [2, etags[1]],
            [3, other],
          ])
        ).code,
        'InvalidPart',
      )
    },
  },
  {
    name: 'Complete refuses numbers with a gap',
    document: '436/7742',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin()
      const first = trial.needs('part 1', await upload.part(1, partBytes(smallestPart, 1)))
      const last = trial.needs('part 3', await upload.part(3, 'end'))
      const reply = await upload.complete([
        [1, first.headers.etag],
        [3, last.headers.etag],
      ])
      trial.is('code', reply.code, 'InvalidPart')
    },
  },
  {
    name: 'Complete refuses a list without parts',
    document: '436/7742',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin()
      trial.answers('answer', await upload.complete([]), 400, 'MalformedXML')
    },
  },
  {
    name: 'An upload that was completed is not there any more',
    document: null,
    run: async (trial) => {
      const { upload, etags } = await twoParts(trial)
      const parts = [
        [1, etags[0]],
        [2, etags[1]],
      ] as const
      trial.needs('complete', await upload.complete(parts))
      trial.answers('complete again', await upload.complete(parts), 404, 'NoSuchUpload')
      trial.answers('a part', await upload.part(1, 'x'), 404, 'NoSuchUpload')
    },
  },
  {
    name: 'Abort is 204, and then the upload is not there',
    document: '436/7740',
    run: async (trial) => {
      const { upload } = await twoParts(trial)
      trial.answers('abort', await upload.abort(), 204)
      trial.answers('list', await upload.list(), 404, 'NoSuchUpload')
    },
  },
  {
    name: 'Abort of an upload that was aborted is 404',
    document: null,
    run: async (trial) => {
      const { upload } = await twoParts(trial)
      trial.answers('abort', await upload.abort(), 204)
      trial.answers('abort again', await upload.abort(), 404, 'NoSuchUpload')
    },
  },
  {
    name: 'Part numbers are 1 to 10000',
    document: '436/7750',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin()
      for (const number of [0, 10_001]) {
        trial.answers(`part ${number}`, await upload.part(number, 'x'), 400, 'InvalidArgument')
      }
      trial.answers('part 10000', await upload.part(10_000, 'x'), 200)
    },
  },
  {
    name: 'Initiate and Complete obey x-cos-forbid-overwrite',
    document: '436/7742',
    run: async (trial) => {
      const { upload, etags } = await twoParts(trial)
      await trial.given('a', 'there')
      const forbid = { 'x-cos-forbid-overwrite': 'true' }
      const begun = await trial.object('POST', 'a', { query: { uploads: '' }, headers: forbid })
      trial.answers('initiate', begun, 409, 'FileAlreadyExists')
      const done = await upload.complete(
        [
          [1, etags[0]],
          [2, etags[1]],
        ],
        forbid,
      )
      trial.is('complete', done.code, 'FileAlreadyExists')
      trial.is('content', (await trial.object('GET', 'a')).body.toString(), 'there')
    },
  },
  {
    name: 'ListMultipartUploads lists what is unfinished below a prefix',
    document: '436/7736',
    run: async (trial) => {
      const upload = new Multipart(trial)
      await upload.begin()
      const list = await trial.bucketGet({ uploads: '', prefix: trial.folder })
      const [found] = list.xml.children.filter(({ name }) => name === 'Upload')
      const child = (name: string): string | undefined =>
        found?.children.find((one) => one.name === name)?.text
      trial.is('Key', child('Key'), `${trial.folder}a`)
      trial.is('UploadId', child('UploadId') ?? child('UploadID'), upload.uploadId)
    },
  },
]
