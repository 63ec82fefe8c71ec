import type { UploadErrorCode, UploadSnapshot, WaitReason } from '@carryon/client'
import { formatBytes, formatBytesOf, formatSpeed } from '../format/bytes.js'
import { formatDuration } from '../format/duration.js'
import { formatPercent, percentOf } from '../format/percent.js'
import type { Language } from '../language.js'
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
  if (reason === 'store-unreachable' && host !== undefined) return messages.storeUnreachable(host)
  const left = retryAt === undefined ? null : retryAt - now
  const until = retryAt === undefined || retryAt - now < longWait ? null : new Date(retryAt)
  if (reason === 'rate-limited' && left !== null) {
    return until === null
      ? messages.askedToWait(Math.max(0, left) / 1000)
      : messages.askedToWaitUntil(until, now)
  }
  const words = messages.waiting[reason]
  const waiting = until === null ? words : messages.waitingUntil(words, until, now)
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

/** The colour of an upload's row. */
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
  const isUploading = (otherTab?.state ?? state) === 'uploading'
  // Never fewer digits once something was sent: the figure would fall with a pause.
  const isBetween = progress.percent > 0 && progress.percent < 100
  const figures = [
    formatPercent(progress.percent, isUploading || isBetween ? 1 : 0),
    formatBytesOf(progress.sent, progress.total),
  ]
  if (!isUploading) return figures
  const speed = formatSpeed(progress.speed)
  // Without a speed there is no time left either: one dash says both.
  if (progress.speed === null) return [...figures, speed]
  return [...figures, speed, messages.timeLeft(formatDuration(progress.secondsLeft, language))]
}

/** Less than this is not worth a word. Bytes. */
const hardlyAny = 100_000

/** Why the figure has fallen: what was stored is lost, or was on its way when sending stopped; `null` where it has not. */
export function fallWords({ state, progress }: UploadSnapshot, messages: Messages): string | null {
  const { lost, givenUp } = progress
  if (state === 'done' || state === 'cancelled') return null
  if (lost > 0) return messages.lost(formatBytes(lost))
  return givenUp >= hardlyAny ? messages.givenUp(formatBytes(givenUp)) : null
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
