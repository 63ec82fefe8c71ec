import type { Check, Trial } from '../check.js'
import type { Reply, Signing } from '../conformance-client.js'

async function get(
  trial: Trial,
  signing: Signing,
  query: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return trial.object('GET', 'a', { signing, query })
}

export const signatureChecks: readonly Check[] = [
  {
    name: 'A signature may be in the URL',
    document: '436/7778',
    run: async (trial) => {
      await trial.given('a', 'x')
      trial.is('content', (await get(trial, { as: 'url' })).body.toString(), 'x')
    },
  },
  {
    name: 'A request without a signature is refused',
    document: '436/7730',
    run: async (trial) => {
      await trial.given('a', 'x')
      trial.answers('answer', await get(trial, { as: 'none' }), 403, 'AccessDenied')
    },
  },
  {
    name: 'A signature with another key is refused, saying what was to be signed',
    document: '436/7730',
    run: async (trial) => {
      const reply = await get(trial, { secretKey: 'another' })
      trial.answers('answer', reply, 403, 'SignatureDoesNotMatch')
      trial.matches('StringToSign', reply.text('StringToSign'), /^sha1\n/)
      trial.matches('FormatString', reply.text('FormatString'), /^get\n/)
    },
  },
  {
    name: 'An unknown SecretId is refused',
    document: '436/7730',
    run: async (trial) => {
      trial.answers('answer', await get(trial, { secretId: 'AKIDnoneSuch' }), 403, 'InvalidAccessKeyId')
    },
  },
  {
    name: 'A signature that is over is refused as expired',
    document: '436/7730',
    run: async (trial) => {
      const reply = await get(trial, { from: -7200, until: -3600 })
      trial.answers('answer', reply, 403, 'AccessDenied')
      trial.is('Message', reply.text('Message'), 'Request has expired')
    },
  },
  {
    name: 'A signature that begins in an hour is refused',
    document: '436/7730',
    run: async (trial) => {
      const reply = await get(trial, { from: 3600, until: 7200 })
      trial.answers('answer', reply, 403, 'RequestTimeTooSkewed')
    },
  },
  {
    name: 'A signature may begin a second from now',
    document: null,
    run: async (trial) => {
      await trial.given('a', 'x')
      trial.answers('status', await get(trial, { from: 1 }), 200)
    },
  },
  {
    name: 'response-* may be added to a download that is signed',
    document: '436/57420',
    run: async (trial) => {
      await trial.given('a', 'x')
      const name = 'response-content-disposition'
      const reply = await get(trial, { as: 'url', unsigned: [name] }, { [name]: 'attachment' })
      trial.answers('status', reply, 200)
      trial.is('Content-Disposition', reply.headers['content-disposition'], 'attachment')
    },
  },
  {
    name: 'A parameter that changes what is asked for must be signed',
    document: null,
    run: async (trial) => {
      await trial.given('a', 'x')
      const reply = await get(trial, { unsigned: ['tagging'] }, { tagging: '' })
      trial.is('status', reply.status, 403)
    },
  },
  {
    name: 'A header x-cos-* must be signed',
    document: null,
    run: async (trial) => {
      const headers = { 'x-cos-meta-author': 'Someone' }
      const reply = await trial.object('PUT', 'a', {
        body: 'x',
        headers,
        signing: { unsigned: Object.keys(headers) },
      })
      trial.is('status', reply.status, 403)
    },
  },
  {
    name: 'A header that is not signed does not matter otherwise',
    document: '436/7778',
    run: async (trial) => {
      const headers = { 'content-type': 'text/plain' }
      const reply = await trial.object('PUT', 'a', {
        body: 'x',
        headers,
        signing: { unsigned: ['content-type', 'content-length'] },
      })
      trial.answers('status', reply, 200)
    },
  },
  {
    name: 'The path is signed decoded',
    document: '436/7778',
    run: async (trial) => {
      await trial.given('a b', 'x')
      const path = `/${trial.folder}a%20b`
      const reply = await trial.object('GET', 'a b', { signing: { path } })
      trial.answers('signed as it stands in the URL', reply, 403, 'SignatureDoesNotMatch')
    },
  },
  {
    name: 'A sub-resource that is not known is refused',
    document: null,
    run: async (trial) => {
      await trial.given('a', 'x')
      trial.answers('answer', await get(trial, {}, { 'none-such': '' }), 501, 'NotImplemented')
    },
  },
]
