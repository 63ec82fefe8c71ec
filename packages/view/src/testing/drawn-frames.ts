import type { RequestFrame } from '../rows/frame-batch.js'

/** Frames that are drawn when a test says so. */
export function createDrawnFrames(): { readonly requestFrame: RequestFrame; readonly draw: () => void } {
  let waiting: (() => void)[] = []
  return {
    requestFrame: (callback) => waiting.push(callback),
    draw: () => {
      const due = waiting
      waiting = []
      for (const callback of due) callback()
    },
  }
}
