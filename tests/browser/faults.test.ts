import type { FaultRule } from '@carryon/local-cos'
import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { openBucket, openFragments } from './harness/bucket.js'
import { readObject } from './harness/stored-object.js'
import { KiB, MiB } from './harness/test-file.js'

const test = endToEnd()

const passing: readonly (readonly [string, readonly FaultRule[]])[] = [
  ['server errors', [{ operation: 'UploadPart', times: 3, fault: { kind: 'error', code: 'InternalError' } }]],
  [
    'SlowDown with Retry-After',
    [{ operation: 'UploadPart', times: 3, fault: { kind: 'error', code: 'SlowDown', retryAfterSeconds: 1 } }],
  ],
  [
    'UserNetworkTooSlow after the whole body',
    [
      {
        operation: 'UploadPart',
        times: 2,
        fault: { kind: 'error', code: 'UserNetworkTooSlow', after: 'body' },
      },
    ],
  ],
  [
    'connections reset in the middle of a part',
    [{ operation: 'UploadPart', times: 4, fault: { kind: 'reset', afterBytes: 512 * KiB } }],
  ],
  [
    'credentials that expire in the middle',
    [{ operation: 'UploadPart', skip: 2, times: 1, fault: { kind: 'error', code: 'ExpiredToken' } }],
  ],
  [
    'a complete whose answer is lost',
    [{ operation: 'CompleteMultipartUpload', times: 1, fault: { kind: 'lose-answer' } }],
  ],
  [
    'a complete that answers 200 and then an error',
    [
      {
        operation: 'CompleteMultipartUpload',
        times: 1,
        fault: { kind: 'late-error', code: 'InternalError' },
      },
    ],
  ],
  [
    'a complete that takes its time',
    [
      {
        operation: 'CompleteMultipartUpload',
        times: 1,
        fault: { kind: 'slow-complete', milliseconds: 3000 },
      },
    ],
  ],
]

test.for(passing)('%s: the file arrives', async ([, rules], { product, store, visitor, files }) => {
  const file = await files.make('through.bin', 48 * MiB)
  await store.harm(...rules)
  const uploads = await visitor.open()
  await uploads.pick(file.path)
  const row = uploads.row(file.path)
  await row.waitFor('done')
  expect(await store.strikes()).toBeGreaterThan(0)
  expect((await readObject(await row.url(), await visitor.cookie())).sha256).toBe(file.sha256)
  expect(await openFragments(await openBucket(product))).toEqual([])
})
