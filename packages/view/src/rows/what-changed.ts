import type { UploadSnapshot } from '@carryon/client'

/** Bytes per second (50 Mbit/s). On slower connections an upload takes long, and drawing a hidden page is its largest cost. */
const fastLine = 6_250_000

/** Whether only figures have changed, on a connection that is not fast. */
export function isNothingNew(before: UploadSnapshot, after: UploadSnapshot): boolean {
  const { speed, lost } = after.progress
  const isLostAsBefore = before.progress.lost > 0 === lost > 0
  return isSameState(before, after) && isLostAsBefore && speed !== null && speed < fastLine
}

/** Whether nothing but figures has changed. */
export function isSameState(before: UploadSnapshot, after: UploadSnapshot): boolean {
  const isLosing = before.progress.lost === 0 && after.progress.lost > 0
  return after.state === before.state && after.waitReason === before.waitReason && !isLosing
}
