import { loadCrc64 } from '../../digest/crc64.js'
import { md5Hex, type Check } from '../check.js'
import { Multipart, partBytes, smallestPart, twoParts } from './multipart-calls.js'

/** Completing and aborting multipart uploads. */
export const completingChecks: readonly Check[] = [
  {
    name: 'Complete joins the parts: ETag with their number, CRC-64 of the whole',
    document: '436/7742',
    run: async (trial) => {
      const { upload, first, last } = await twoParts(trial)
      trial.answers('HEAD before', await trial.object('HEAD', 'a'), 404)
      const done = await upload.complete([first, last])
      trial.answers('status', done, 200)
      trial.is('Key', done.text('Key'), `${trial.folder}a`)
      trial.matches('ETag', done.text('ETag'), /^"[0-9a-f]{32}-2"$/)
      const head = await trial.object('HEAD', 'a')
      const createCrc64 = await loadCrc64()
      const crc = createCrc64()
      crc.update(partBytes(smallestPart, 1))
      crc.update(Buffer.from('end'))
      trial.is('x-cos-hash-crc64ecma', head.headers['x-cos-hash-crc64ecma'], crc.digest().toString())
      trial.is('Content-Length', head.headers['content-length'], String(smallestPart + 3))
      trial.is('ETag of HEAD', head.headers.etag, done.text('ETag'))
    },
  },
  {
    name: 'Complete refuses a part below 1 MiB that is not the last',
    document: '436/7742',
    run: async (trial) => {
      const upload = await Multipart.begun(trial)
      const parts = [await upload.stored(1, 'small'), await upload.stored(2, 'end')]
      const reply = await upload.complete(parts)
      trial.is('code', reply.code, 'EntityTooSmall')
    },
  },
  {
    name: 'Complete refuses parts out of order',
    document: '436/7742',
    run: async (trial) => {
      const { upload, first, last } = await twoParts(trial)
      const reply = await upload.complete([last, first])
      trial.is('code', reply.code, 'InvalidPartOrder')
    },
  },
  {
    name: 'Complete refuses a part that is missing or has another ETag',
    document: '436/7742',
    run: async (trial) => {
      const { upload, first, last } = await twoParts(trial)
      const other = `"${md5Hex('other')}"`
      trial.is('another ETag', (await upload.complete([first, [2, other]])).code, 'InvalidPart')
      trial.is('missing', (await upload.complete([first, last, [3, other]])).code, 'InvalidPart')
    },
  },
  {
    name: 'Complete refuses numbers with a gap',
    document: '436/7742',
    run: async (trial) => {
      const upload = await Multipart.begun(trial)
      const parts = [await upload.stored(1, partBytes(smallestPart, 1)), await upload.stored(3, 'end')]
      const reply = await upload.complete(parts)
      trial.is('code', reply.code, 'InvalidPart')
    },
  },
  {
    name: 'Complete refuses a list without parts',
    document: '436/7742',
    run: async (trial) => {
      const upload = await Multipart.begun(trial)
      trial.answers('answer', await upload.complete([]), 400, 'MalformedXML')
    },
  },
  {
    name: 'An upload that was completed is not there any more',
    document: null,
    run: async (trial) => {
      const { upload, first, last } = await twoParts(trial)
      const parts = [first, last]
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
    name: 'Initiate and Complete obey x-cos-forbid-overwrite',
    document: '436/7742',
    run: async (trial) => {
      const { upload, first, last } = await twoParts(trial)
      await trial.given('a', 'there')
      const forbid = { 'x-cos-forbid-overwrite': 'true' }
      const begun = await trial.object('POST', 'a', { query: { uploads: '' }, headers: forbid })
      trial.answers('initiate', begun, 409, 'FileAlreadyExists')
      const done = await upload.complete([first, last], forbid)
      trial.is('complete', done.code, 'FileAlreadyExists')
      trial.is('content', (await trial.object('GET', 'a')).body.toString(), 'there')
    },
  },
]
