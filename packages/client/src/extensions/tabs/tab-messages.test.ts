import { expect, test } from 'vitest'
import { isTabMessage } from './tab-messages.js'

const progress = {
  loaded: 1,
  sent: 2,
  total: 4,
  percent: 25,
  speed: null,
  secondsLeft: null,
  givenUp: 0,
  lost: 1,
}
const result = {
  id: 'i',
  url: '/o',
  key: 'k',
  size: 4,
  crc64: '7',
  crc64Type: 'crc64nvme',
  verified: ['size'],
}

test.each([
  { type: 'ask', identity: 'a', id: null },
  { type: 'ask', identity: 'a', id: 'i' },
  { type: 'command', identity: 'a', command: 'cancel' },
  { type: 'status', identity: 'a', status: { id: 'i', state: 'waiting', waitReason: 'network', progress } },
  { type: 'status', identity: 'a', status: { id: 'i', state: 'done', progress, result } },
  { type: 'status', identity: 'a', status: { id: 'i', name: 'a.bin', state: 'done', progress, result } },
])('%j is understood', (message) => {
  expect(isTabMessage(message)).toBe(true)
})

test.each([
  null,
  'ask',
  {},
  { type: 'ask' },
  { type: 'command', identity: 'a', command: 'explode' },
  { type: 'shout', identity: 'a' },
  { type: 'status', identity: 'a' },
  { type: 'status', identity: 'a', status: { id: 'i', state: 'toString', progress } },
  {
    type: 'status',
    identity: 'a',
    status: { id: 'i', state: 'uploading', progress: { ...progress, percent: NaN } },
  },
  { type: 'status', identity: 'a', status: { id: 'i', state: 'done', progress } },
])('%j, from a tab of another version, is passed over', (message) => {
  expect(isTabMessage(message)).toBe(false)
})
