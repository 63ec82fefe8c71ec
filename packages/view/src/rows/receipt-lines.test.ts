import { expect, test } from 'vitest'
import { en } from '../language/en.js'
import { zh } from '../language/zh.js'
import { createFakeFinishedFiles } from '../testing/index.js'
import { receiptLines } from './receipt-lines.js'

const receipt = createFakeFinishedFiles().receiptOf('a')

test('a receipt gives exact bytes, what was compared, where the upload was resumed and what was sent again', () => {
  expect(receiptLines(receipt, en).map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Size: 2,164,900,000 bytes',
    `CRC-64: ${receipt.crc64 ?? ''}`,
    'Parts: 262',
    expect.stringMatching(/^Compared by: CRC-64 of the whole file.*checksums of all parts.*size$/u),
    'Resumed from: 886.5 MB',
    'Sent again: Nothing',
  ])
})

test('a receipt without an interruption and without a checksum says so', () => {
  const lines = receiptLines({ ...receipt, crc64: null, resumedFrom: null, sentAgain: 1_000_000 }, zh)
  expect(Object.fromEntries(lines.map(({ name, value }) => [name, value]))).toMatchObject({
    crc64: '存储端未提供',
    resumedFrom: '一次传完，没有中断',
    sentAgain: '1.0MB',
  })
})
