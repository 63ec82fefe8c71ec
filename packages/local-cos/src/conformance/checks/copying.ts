import { md5Hex, type Check, type Trial } from '../check.js'
import type { Reply } from '../conformance-client.js'
import { encodeStrictly } from '../../signature.js'
import { Multipart, partBytes, smallestPart } from './multipart-calls.js'

/** Value of the copy source header for an object of the same trial. */
function sourceOf(trial: Trial, key: string): string {
  const path = `${trial.folder}${key}`.split('/').map(encodeStrictly).join('/')
  return `${trial.client.endpoint.host}/${path}`
}

async function copy(
  trial: Trial,
  from: string,
  to: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return trial.object('PUT', to, { headers: { 'x-cos-copy-source': sourceOf(trial, from), ...headers } })
}

export const copyingChecks: readonly Check[] = [
  {
    name: 'PutObjectCopy copies content and metadata, and answers the ETag',
    document: '436/10881',
    run: async (trial) => {
      await trial.given('a b', 'content', { 'content-type': 'text/x-a', 'x-cos-meta-author': 'Someone' })
      const reply = await copy(trial, 'a b', 'copy')
      trial.answers('status', reply, 200)
      trial.is('element', reply.xml.name, 'CopyObjectResult')
      trial.is('ETag', reply.text('ETag'), `"${md5Hex('content')}"`)
      const got = await trial.object('GET', 'copy')
      trial.is('content', got.body.toString(), 'content')
      trial.is('Content-Type', got.headers['content-type'], 'text/x-a')
      trial.is('x-cos-meta-author', got.headers['x-cos-meta-author'], 'Someone')
    },
  },
  {
    name: 'PutObjectCopy replaces the metadata when it is told to',
    document: '436/10881',
    run: async (trial) => {
      await trial.given('a', 'content', { 'x-cos-meta-author': 'Someone' })
      const headers = { 'x-cos-metadata-directive': 'Replaced', 'x-cos-meta-other': 'new' }
      trial.answers('status', await copy(trial, 'a', 'copy', headers), 200)
      const head = await trial.object('HEAD', 'copy')
      trial.is('x-cos-meta-other', head.headers['x-cos-meta-other'], 'new')
      trial.is('x-cos-meta-author', head.headers['x-cos-meta-author'], undefined)
    },
  },
  {
    name: 'PutObjectCopy refuses a source that is missing or does not fit its condition',
    document: '436/10881',
    run: async (trial) => {
      trial.answers('missing', await copy(trial, 'missing', 'copy'), 404, 'NoSuchKey')
      await trial.given('a', 'content')
      const headers = { 'x-cos-copy-source-if-match': '"other"' }
      trial.answers('condition', await copy(trial, 'a', 'copy', headers), 412, 'PreconditionFailed')
    },
  },
  {
    name: 'UploadPartCopy takes a range of the source',
    document: '436/8287',
    run: async (trial) => {
      await trial.given('a', partBytes(smallestPart + 10, 7))
      const upload = new Multipart(trial, 'joined')
      await upload.begin()
      const reply = await trial.object('PUT', 'joined', {
        query: { partNumber: '1', uploadId: upload.uploadId },
        headers: { 'x-cos-copy-source': sourceOf(trial, 'a'), 'x-cos-copy-source-range': 'bytes=0-9' },
      })
      trial.answers('status', reply, 200)
      trial.is('element', reply.xml.name, 'CopyPartResult')
      trial.is('ETag', reply.text('ETag'), `"${md5Hex(partBytes(10, 7))}"`)
      trial.needs('complete', await upload.complete([[1, reply.text('ETag')]]))
      const head = await trial.object('HEAD', 'joined')
      trial.is('Content-Length', head.headers['content-length'], '10')
    },
  },
]
