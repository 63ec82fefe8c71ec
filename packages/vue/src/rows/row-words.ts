import type { UploadErrorCode, UploadSnapshot, WaitReason } from '@carryon/client'
import { formatBytes, formatBytesOf, formatSpeed } from '../format/bytes.js'
import { formatDuration } from '../format/duration.js'
import { formatPercent, percentOf } from '../format/percent.js'
import type { Language } from '../language/language.js'
import type { Messages } from '../language/messages.js'

/** Milliseconds of a wait from which on it is told when it ends. */
const longWait = 60_000

/** The state in words; while waiting, what for, and why where that is known. */
export function stateWords(snapshot: UploadSnapshot, messages: Messages, now = Date.now()): string {
  const { state, waitReason, otherTab, duplicate, progress } = snapshot
  if (state === 'identifying' && duplicate !== undefined) {
    return messages.comparing(formatPercent(percentOf(duplicate.compared, progress.total)))
  }
  if (otherTab?.state === 'paused') return messages.pausedInOtherTab
  return state === 'waiting' && waitReason !== undefined
    ? waitingWords(waitReason, snapshot, messages, now)
    : messages.states[state]
}

function waitingWords(
  reason: WaitReason,
  { host, retryAt, lastError }: UploadSnapshot,
  messages: Messages,
  now: number,
): string {
  const until = retryAt === undefined ? null : new Date(retryAt)
  if (reason === 'store-unreachable' && host !== undefined) return messages.storeUnreachable(host)
  if (reason === 'rate-limited' && until !== null) return messages.askedToWait(until)
  const isLong = until !== null && until.getTime() - now >= longWait
  const waiting = isLong ? messages.waitingUntil(messages.waiting[reason], until) : messages.waiting[reason]
  const isTold = lastError === null || generalCauses.has(lastError.code)
  return isTold ? waiting : messages.waitingAfter(messages.errors[lastError.code].title, waiting)
}

/** What the words for waiting say already. */
const generalCauses: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'network',
  'server-error',
  'store-unavailable',
])

/** Which colour the state has: work goes on, waits for something, stands still, ended badly, is complete. */
export type Tone = 'running' | 'waiting' | 'still' | 'failed' | 'done'

export function toneOf({ state, waitReason }: UploadSnapshot): Tone {
  switch (state) {
    case 'identifying':
    case 'opening':
    case 'uploading':
    case 'finishing':
      return 'running'
    case 'waiting':
      return waitReason === 'queue' || waitReason === 'other-tab' || waitReason === 'same-file'
        ? 'still'
        : 'waiting'
    case 'paused':
    case 'cancelled':
      return 'still'
    case 'failed':
      return 'failed'
    case 'done':
      return 'done'
  }
}

/** What the bar shows faintly beside the upload, 0 to 100: how far the file has been compared. */
export function palePercent({ state, duplicate, progress }: UploadSnapshot): number {
  return state === 'identifying' && duplicate !== undefined
    ? percentOf(duplicate.compared, progress.total)
    : 0
}

/** The figures beside the bar; those that mean nothing in this state are left out. */
export function progressWords(
  { state, progress, otherTab }: UploadSnapshot,
  messages: Messages,
  language: Language,
): readonly string[] {
  if ((otherTab?.state ?? state) !== 'uploading') {
    return [formatPercent(progress.percent), formatBytesOf(progress.sent, progress.total)]
  }
  const figures = [formatPercent(progress.percent, 1), formatBytesOf(progress.sent, progress.total)]
  const speed = formatSpeed(progress.speed)
  // Without a speed there is no time left either: one dash says both.
  if (progress.speed === null) return [...figures, speed]
  return [...figures, speed, messages.timeLeft(formatDuration(progress.secondsLeft, language))]
}

/** Less than this is not worth a word. Bytes. */
const hardlyAny = 100_000

/** What a pause gave up of what was on its way; `null` where that is nothing. */
export function givenUpWords({ state, progress }: UploadSnapshot, messages: Messages): string | null {
  return state === 'paused' && progress.givenUp >= hardlyAny
    ? messages.givenUp(formatBytes(progress.givenUp))
    : null
}

/** "continued from 40%", for an upload that found something in the store; `null` for others. */
export function resumedWords(
  { resumedBytes, progress, result }: UploadSnapshot,
  messages: Messages,
): string | null {
  if (result?.reused === true) return messages.reused
  if (resumedBytes <= 0) return null
  return messages.continuedFrom(formatPercent(percentOf(resumedBytes, progress.total)))
}
