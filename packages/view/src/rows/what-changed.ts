import type { UploadSnapshot } from '@carryon/client'

/** Bytes per second (50 Mbit/s). On slower lines an upload takes long, and drawing for nobody is what it costs most. */
const fastLine = 6_250_000

/** Whether only figures have moved, and over a line that is not fast. */
export function isNothingNew(before: UploadSnapshot, after: UploadSnapshot): boolean {
  const { speed, lost } = after.progress
  const isLostAsBefore = before.progress.lost > 0 === lost > 0
  return isSameState(before, after) && isLostAsBefore && speed !== null && speed < fastLine
}

/** Whether there is nothing to be told of but figures. */
export function isSameState(before: UploadSnapshot, after: UploadSnapshot): boolean {
  const isLosing = before.progress.lost === 0 && after.progress.lost > 0
  return after.state === before.state && after.waitReason === before.waitReason && !isLosing
}
