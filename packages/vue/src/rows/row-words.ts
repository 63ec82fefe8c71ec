import type { UploadSnapshot } from '@carryon/client'
import { formatBytes, formatBytesOf, formatSpeed } from '../format/bytes.js'
import { formatDuration } from '../format/duration.js'
import { formatPercent, percentOf } from '../format/percent.js'
import type { Language } from '../language/language.js'
import type { Messages } from '../language/messages.js'

/** The state in words; while waiting, what for. */
export function stateWords(
  { state, waitReason, otherTab, duplicate, progress }: UploadSnapshot,
  messages: Messages,
): string {
  if (state === 'identifying' && duplicate !== undefined) {
    return messages.comparing(formatPercent(percentOf(duplicate.compared, progress.total)))
  }
  if (otherTab?.state === 'paused') return messages.pausedInOtherTab
  return state === 'waiting' && waitReason !== undefined
    ? messages.waiting[waitReason]
    : messages.states[state]
}

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
      return waitReason === 'network' || waitReason === 'service' || waitReason === 'choice'
        ? 'waiting'
        : 'still'
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
