import { isRecord } from './answer-shape.js'
import type { Guard } from './answer-shape.js'

/** The shapes of answers about finished files: in a file of their own, so that only who asks for them loads them. */

const isText: Guard = (value) => typeof value === 'string'
const isCount: Guard = (value) => typeof value === 'number' && value >= 0

/** Answer to `POST /uploads/:id/link`. */
export const isLink: Guard = (value) => isRecord(value) && isText(value['url']) && isText(value['expiresAt'])

/** Answer to `GET /uploads/:id/receipt`, as far as a page reads it. */
export const isReceipt: Guard = (value) =>
  isRecord(value) &&
  value['carryonReceipt'] === 1 &&
  isCount(value['size']) &&
  isCount(value['parts']) &&
  isCount(value['sentAgain']) &&
  (value['resumedFrom'] === null || isCount(value['resumedFrom'])) &&
  (value['crc64'] === null || isText(value['crc64'])) &&
  Array.isArray(value['comparedBy'])
