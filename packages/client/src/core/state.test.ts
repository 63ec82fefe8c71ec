import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reduce, stateAfter, transitions } from './state.js'
import type { UploadEvent, UploadStatus } from './state.js'
import { UploadError } from '../upload-types.js'
import type { UploadResult, UploadState } from '../upload-types.js'

const error = new UploadError('network', 'gone')
const result: UploadResult = {
  id: 'i',
  url: 'u',
  key: 'k',
  size: 1,
  crc64: null,
  crc64Type: 'crc64ecma',
  verified: ['size'],
}
const events: readonly UploadEvent[] = [
  { type: 'identify' },
  { type: 'open' },
  { type: 'transfer' },
  { type: 'finish' },
  { type: 'wait', reason: 'network' },
  { type: 'pause' },
  { type: 'resume' },
  { type: 'fail', error },
  { type: 'cancel' },
  { type: 'succeed', result },
]
const statuses: readonly UploadStatus[] = [
  { state: 'waiting', waitReason: 'queue' },
  { state: 'identifying' },
  { state: 'opening' },
  { state: 'uploading' },
  { state: 'finishing' },
  { state: 'paused' },
  { state: 'failed', error },
  { state: 'done', result },
  { state: 'cancelled' },
]

test('every event leads where the table says, or changes nothing', () => {
  for (const status of statuses) {
    for (const event of events) {
      const next = reduce(status, event)
      if (transitions[status.state].includes(event.type)) expect(next.state).toBe(stateAfter[event.type])
      else expect(next).toBe(status)
    }
  }
})

test.each([
  ['paused', ['cancel', 'resume', 'succeed']],
  ['failed', ['cancel', 'resume', 'succeed']],
  ['done', []],
  ['cancelled', []],
] as const)('%s hears only %j', (state, heard) => {
  expect(transitions[state].toSorted()).toEqual(heard)
})

test('what belongs to a state is there with it and gone after it', () => {
  const failed = reduce({ state: 'uploading' }, { type: 'fail', error })
  expect(failed).toEqual({ state: 'failed', error })
  expect(reduce(failed, { type: 'resume' })).toEqual({ state: 'waiting', waitReason: 'queue' })
  expect(reduce({ state: 'uploading' }, { type: 'wait', reason: 'network' })).toEqual({
    state: 'waiting',
    waitReason: 'network',
  })
})

test('nothing that happens brings back what has ended', () => {
  const ended: readonly UploadState[] = ['done', 'cancelled']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events)), (happened) => {
      let status: UploadStatus = { state: 'waiting', waitReason: 'queue' }
      for (const event of happened) {
        const before: UploadStatus = status
        status = reduce(before, event)
        if (ended.includes(before.state)) expect(status).toBe(before)
      }
    }),
  )
})
