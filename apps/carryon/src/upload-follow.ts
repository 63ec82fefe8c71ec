import { UploadError } from '@carryon/client'
import type { Upload, UploadResult, UploadSnapshot } from '@carryon/client'
import type { ConnectionWatch } from './connection-watch.js'
import { durationWords } from './duration.js'

export interface Following {
  /** Seconds without a response after which to give up. */
  readonly timeout: number
  /** Source of the reason for a missing response. */
  readonly watch: ConnectionWatch
  readonly say: (line: string) => void
  /** Aborted when the user wants to quit. */
  readonly stop: AbortSignal
}

/**
 * Reports the progress of an upload until it ends.
 * @throws UploadError of the upload; `network` when there was no response before the timeout, or there can be none
 */
export async function followUpload(
  upload: Upload,
  { timeout, watch, say, stop }: Following,
): Promise<UploadResult> {
  const { name } = upload.file
  let said = ''
  let loaded = -1
  let giveUp: ReturnType<typeof setTimeout> | undefined
  const { promise: given, reject } = withReject()
  const keepOn = (): void => {
    clearTimeout(giveUp)
    giveUp = undefined
  }
  const onChange = (snapshot: UploadSnapshot): void => {
    const isSilent = snapshot.state === 'waiting' && isTrouble(snapshot)
    if (!isSilent || snapshot.progress.loaded > loaded) keepOn()
    loaded = snapshot.progress.loaded
    const cause = isSilent ? watch.last : null
    if (!isSilent) watch.forget()
    if (isSilent) {
      giveUp ??= setTimeout(() => {
        const why = watch.last === null ? '' : `: ${watch.last.message}`
        reject(unanswered(`No answer for ${durationWords(timeout)}${why}.`))
      }, timeout * 1_000)
    }
    if (cause?.recovery === 'never') reject(unanswered(`${cause.message}.`))
    const words = wordsOf(snapshot, cause?.message ?? snapshot.lastError?.message)
    if (words !== said) say(`${name}: ${words}`)
    said = words
  }
  const stopTelling = upload.on('change', onChange)
  const stopHearing = watch.on(() => onChange(upload.snapshot))
  const onStop = (): void => reject(new Error('Stopped.'))
  stop.addEventListener('abort', onStop, { once: true })
  if (stop.aborted) onStop()
  const end = (): void => {
    keepOn()
    stopTelling()
    stopHearing()
    stop.removeEventListener('abort', onStop)
  }
  try {
    return await Promise.race([upload.done, given])
  } catch (error) {
    end()
    // After giving up, the upload must not continue in the background.
    if (!stop.aborted) upload.pause()
    throw error
  } finally {
    end()
  }
}

function unanswered(words: string): UploadError {
  return new UploadError(
    'network',
    `${words} What the store has stays there; the same command resumes from here.`,
  )
}

/** Wait reasons that occur although server and store respond. */
const answered: ReadonlySet<string> = new Set(['queue', 'other-tab', 'same-file', 'choice', 'rate-limited'])

function isTrouble({ waitReason = 'queue' }: UploadSnapshot): boolean {
  return !answered.has(waitReason)
}

/** Status text. It changes only with each tenth of the file, to keep logs short. */
function wordsOf(
  { state, waitReason, progress, resumedBytes, result }: UploadSnapshot,
  cause?: string,
): string {
  if (state === 'waiting')
    return `waiting (${waitReason ?? 'queue'})${cause === undefined ? '' : `: ${cause}`}`
  if (result?.reused === true) return 'already there'
  if (state !== 'uploading' && state !== 'done') return state
  const done = state === 'done' ? 'done' : `${Math.floor(progress.percent / 10) * 10} %`
  return resumedBytes > 0 ? `${done}, of which ${resumedBytes} bytes were there` : done
}

function withReject(): { readonly promise: Promise<never>; readonly reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise
  })
  // No unhandled rejection if the upload ends first.
  promise.catch(() => undefined)
  return { promise, reject }
}
