import type { UploadErrorCode, UploadSnapshot, WaitReason } from '@carryon/client'
import { dash, formatBytes, formatBytesOf, formatSpeed } from '../format/bytes.js'
import { formatDuration } from '../format/duration.js'
import { formatPercent, percentOf } from '../format/percent.js'
import type { Messages } from '../language/messages.js'

import { browserIsOnline, outageOf } from './outage.js'

/** Milliseconds from which on a wait shows when it ends. */
const longWait = 60_000

/** The state in words; while waiting also what for and, if known, why. */
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

function waitingWords(reason: WaitReason, snapshot: UploadSnapshot, messages: Messages, now: number): string {
  const { host, retryAt, lastError } = snapshot
  if (reason === 'store-unreachable' && host !== undefined) return messages.storeUnreachable(host)
  const left = retryAt === undefined ? null : retryAt - now
  const until = retryAt === undefined || retryAt - now < longWait ? null : new Date(retryAt)
  if (reason === 'rate-limited' && left !== null) {
    return until === null
      ? messages.askedToWait(Math.max(0, left) / 1000)
      : messages.askedToWaitUntil(until, now)
  }
  const of = outageOf(snapshot, browserIsOnline)
  const isServer = reason === 'network' && of === 'server'
  const { waiting: waitWords } = messages
  const named = waitWords[of === 'storage' ? 'store-unreachable' : reason]
  const words = isServer ? messages.waitingForServer : named
  const waiting = until === null ? words : messages.waitingUntil(words, until, now)
  const isTold = lastError === null || generalCauses.has(lastError.code)
  return isTold ? waiting : messages.waitingAfter(messages.errors[lastError.code].title, waiting)
}

/** Errors that the words for waiting already imply. */
const generalCauses: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'network',
  'server-error',
  'store-unavailable',
])

/** Colour of the state: running, waiting for something, at a standstill, failed, complete. */
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

/** How far the file has been compared, 0 to 100; the bar shows it in a paler colour. */
export function palePercent({ state, duplicate, progress }: UploadSnapshot): number {
  return state === 'identifying' && duplicate !== undefined
    ? percentOf(duplicate.compared, progress.total)
    : 0
}

/** One figure of an upload, and what it measures. */
export interface Figure {
  /** What it measures. */
  readonly of: 'progress' | 'bytes' | 'speed' | 'timeLeft'
  /** With its unit. */
  readonly words: string
}

/** The figures beside the bar, without those that are meaningless in this state. */
export function progressFigures(
  { state, progress, otherTab }: UploadSnapshot,
  messages: Messages,
): readonly Figure[] {
  const { locale } = messages
  const isUploading = (otherTab?.state ?? state) === 'uploading'
  // Keeps the decimal once something was sent; otherwise the figure would drop on a pause.
  const isBetween = progress.percent > 0 && progress.percent < 100
  const figures: Figure[] = [
    { of: 'progress', words: formatPercent(progress.percent, isUploading || isBetween ? 1 : 0) },
    { of: 'bytes', words: formatBytesOf(progress.sent, progress.total, locale) },
  ]
  if (!isUploading) return figures
  // Nothing moves, so the time left is unknown too; one dash stands for both.
  const { speed } = progress
  if (speed === null || speed < slowest) return [...figures, { of: 'speed', words: dash }]
  return [
    ...figures,
    { of: 'speed', words: formatSpeed(speed, locale) },
    { of: 'timeLeft', words: messages.timeLeft(formatDuration(progress.secondsLeft, locale)) },
  ]
}

/** The words of {@link progressFigures}. */
export function progressWords(snapshot: UploadSnapshot, messages: Messages): readonly string[] {
  return progressFigures(snapshot, messages).map(({ words }) => words)
}

/** Each figure with its label, for screen readers and for the details of a row. */
export function labelledFigures(
  snapshot: UploadSnapshot,
  messages: Messages,
): readonly { readonly label: string; readonly value: string }[] {
  const { figureLabels } = messages
  const figures = new Map(progressFigures(snapshot, messages).map(({ of, words }) => [of, words]))
  const progress = [figures.get('progress'), figures.get('bytes')].filter((words) => words !== undefined)
  const { speed, secondsLeft } = snapshot.progress
  return [
    { label: figureLabels.progress, value: progress.join(messages.comma) },
    ...(figures.has('speed')
      ? [{ label: figureLabels.speed, value: formatSpeed(speed, messages.locale) }]
      : []),
    ...(figures.has('timeLeft')
      ? [{ label: figureLabels.timeLeft, value: formatDuration(secondsLeft, messages.locale) }]
      : []),
  ]
}

/** Bytes per second below which the upload counts as not moving. */
const slowest = 1

/** Bytes below which a loss is not mentioned. */
const hardlyAny = 100_000

/** Why the figure has dropped: stored data was lost, or data was in flight when sending stopped; `null` if it has not. */
export function fallWords({ state, progress }: UploadSnapshot, messages: Messages): string | null {
  const { lost, givenUp } = progress
  if (state === 'done' || state === 'cancelled') return null
  if (lost > 0) return messages.lost(formatBytes(lost, messages.locale))
  return givenUp >= hardlyAny ? messages.givenUp(formatBytes(givenUp, messages.locale)) : null
}

/** "continued from 40%" for an upload of which something was already stored; `null` for others. */
export function resumedWords(
  { resumedBytes, progress, result }: UploadSnapshot,
  messages: Messages,
): string | null {
  if (result?.reused === true) return messages.reused
  if (resumedBytes <= 0) return null
  return messages.continuedFrom(formatPercent(percentOf(resumedBytes, progress.total)))
}
