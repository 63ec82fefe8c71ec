import {
  count,
  isCrc64Type,
  isRecord,
  listOf,
  oneOf,
  optional,
  orNull,
  record,
  text,
} from '../../backend/answer-shape.js'
import { transitions } from '../../core/state.js'
import { verifications } from '../../upload/upload-result.js'
import type { StatusMessage, TabCommand } from '../../upload/other-tabs.js'
import type { WaitReason } from '../../upload-types.js'

/** Messages between tabs; `identity` is the fingerprint of the upload concerned. */
export type TabMessage =
  | { readonly type: 'status'; readonly identity: string; readonly status: StatusMessage }
  | { readonly type: 'command'; readonly identity: string; readonly command: TabCommand }
  /** Asks which tab has the upload. With `id`, the tab that had that upload last answers too, even if it ended. */
  | { readonly type: 'ask'; readonly identity: string; readonly id: string | null }

const waitReasons: Readonly<Record<WaitReason, true>> = {
  queue: true,
  network: true,
  service: true,
  'store-unreachable': true,
  'rate-limited': true,
  'other-tab': true,
  'same-file': true,
  choice: true,
}
const commands: Readonly<Record<TabCommand, true>> = { pause: true, resume: true, cancel: true }

const isProgress = record({
  loaded: count,
  sent: count,
  total: count,
  percent: count,
  speed: orNull(count),
  secondsLeft: orNull(count),
  givenUp: count,
  lost: count,
})
const isResult = record({
  id: text,
  url: text,
  key: text,
  size: count,
  crc64: orNull(text),
  crc64Type: isCrc64Type,
  verified: listOf(oneOf(...verifications)),
})
const isStatus = record({
  id: orNull(text),
  name: optional((name) => typeof name === 'string'),
  state: oneOf(...Object.keys(transitions)),
  waitReason: optional(oneOf(...Object.keys(waitReasons))),
  progress: isProgress,
  result: optional(isResult),
})

/** Whether this version understands the message: the other tab may run another version. */
export function isTabMessage(data: unknown): data is TabMessage {
  if (!isRecord(data) || !text(data['identity'])) return false
  const { type, id, command, status } = data
  if (type === 'ask') return orNull(text)(id)
  if (type === 'command') return typeof command === 'string' && Object.hasOwn(commands, command)
  return (
    type === 'status' &&
    isRecord(status) &&
    isStatus(status) &&
    (status['state'] !== 'done' || isResult(status['result']))
  )
}
