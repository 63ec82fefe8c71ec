import { isRecord } from '../../backend/answer-shape.js'
import { transitions } from '../../core/state.js'
import { verifications } from '../../core/verifications.js'
import type { StatusMessage, TabCommand } from '../../upload/other-tabs.js'
import type { UploadProgress, UploadResult, UploadState, WaitReason } from '../../upload-types.js'

/** What tabs say to each other; `identity` names the upload that it is about. */
export type TabMessage =
  | { readonly type: 'word'; readonly identity: string; readonly word: StatusMessage }
  | { readonly type: 'command'; readonly identity: string; readonly command: TabCommand }
  /** "Who has it?" With `id`, the tab that had that upload last answers too, though it ended. */
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
const commands: readonly TabCommand[] = ['pause', 'resume', 'cancel']

/** `null` for what is not understood: the other tab may run another version of this code. */
export function parseTabMessage(data: unknown): TabMessage | null {
  if (!isRecord(data)) return null
  const { type, identity, id, command, word } = data
  if (typeof identity !== 'string') return null
  if (type === 'ask') return { type, identity, id: typeof id === 'string' ? id : null }
  if (type === 'command') {
    const known = commands.find((each) => each === command)
    return known === undefined ? null : { type, identity, command: known }
  }
  if (type !== 'word') return null
  const parsed = parseStatus(word)
  return parsed === null ? null : { type, identity, word: parsed }
}

function parseStatus(data: unknown): StatusMessage | null {
  if (!isRecord(data)) return null
  const { id, name, state } = data
  const progress = parseProgress(data['progress'])
  const result = parseResult(data['result'])
  const { waitReason } = data
  if (progress === null || typeof state !== 'string' || !isState(state)) return null
  if (state === 'done' && result === null) return null
  return {
    id: typeof id === 'string' ? id : null,
    state,
    progress,
    ...(state === 'waiting' && isWaitReason(waitReason) ? { waitReason } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(state === 'done' && result !== null ? { result } : {}),
  }
}

function parseProgress(data: unknown): UploadProgress | null {
  if (!isRecord(data)) return null
  const { loaded, sent, total, percent, speed, secondsLeft, givenUp, lost } = data
  if (!isCount(loaded) || !isCount(sent) || !isCount(total) || !isCount(percent)) return null
  return {
    loaded,
    sent,
    total,
    percent,
    speed: isCount(speed) ? speed : null,
    secondsLeft: isCount(secondsLeft) ? secondsLeft : null,
    givenUp: isCount(givenUp) ? givenUp : 0,
    lost: isCount(lost) ? lost : 0,
  }
}

function parseResult(data: unknown): UploadResult | null {
  if (!isRecord(data)) return null
  const { id, url, key, size, crc64, crc64Type, verified, reused } = data
  if (typeof id !== 'string' || typeof url !== 'string' || typeof key !== 'string' || !isCount(size))
    return null
  const checks = Array.isArray(verified) ? verifications.filter((check) => verified.includes(check)) : []
  return {
    id,
    url,
    key,
    size,
    crc64: typeof crc64 === 'string' ? crc64 : null,
    crc64Type: crc64Type === 'crc64nvme' ? crc64Type : 'crc64ecma',
    verified: checks,
    ...(reused === true ? { reused } : {}),
  }
}

function isState(state: string): state is UploadState {
  return Object.hasOwn(transitions, state)
}

function isWaitReason(value: unknown): value is WaitReason {
  return typeof value === 'string' && Object.hasOwn(waitReasons, value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
