import { md5Hex, type Check } from '../check.js'
import { Multipart } from './multipart-calls.js'

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
      const upload = await Multipart.begun(trial)
      const part = await upload.part(1, '[Object Part]')
      trial.answers('status', part, 200)
      trial.is('ETag', part.headers.etag, `"${md5Hex('[Object Part]')}"`)
      trial.is('x-cos-hash-crc64ecma', part.headers['x-cos-hash-crc64ecma'], '4510578591875220731')
    },
  },
  {
    name: 'Headers given at the start are those of the object',
    document: '436/7746',
    run: async (trial) => {
      const headers = { 'content-type': 'text/x-conformance', 'x-cos-meta-author': 'Someone' }
      const upload = await Multipart.begun(trial, headers)
      trial.needs('complete', await upload.complete([await upload.stored(1, 'x')]))
      const head = await trial.object('HEAD', 'a')
      for (const [name, value] of Object.entries(headers)) trial.is(name, head.headers[name], value)
    },
  },
  {
    name: 'ListParts lists in order of numbers, in pages',
    document: '436/7747',
    run: async (trial) => {
      const upload = await Multipart.begun(trial)
      for (const number of [3, 1, 2]) await upload.stored(number, 'x')
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
      const upload = await Multipart.begun(trial)
      await upload.stored(1, 'first')
      trial.needs('complete', await upload.complete([await upload.stored(1, 'second')]))
      trial.is('content', (await trial.object('GET', 'a')).body.toString(), 'second')
    },
  },
  {
    name: 'Part numbers are 1 to 10000',
    document: '436/7750',
    run: async (trial) => {
      const upload = await Multipart.begun(trial)
      for (const number of [0, 10_001]) {
        trial.answers(`part ${number}`, await upload.part(number, 'x'), 400, 'InvalidArgument')
      }
      trial.answers('part 10000', await upload.part(10_000, 'x'), 200)
    },
  },
  {
    name: 'ListMultipartUploads lists what is unfinished below a prefix',
    document: '436/7736',
    run: async (trial) => {
      const upload = await Multipart.begun(trial)
      const list = await trial.bucketGet({ uploads: '', prefix: trial.folder })
      const [found] = list.xml.children.filter(({ name }) => name === 'Upload')
      const child = (name: string): string | undefined =>
        found?.children.find((one) => one.name === name)?.text
      trial.is('Key', child('Key'), `${trial.folder}a`)
      trial.is('UploadId', child('UploadId') ?? child('UploadID'), upload.uploadId)
    },
  },
]
