import type { RequestFrame } from '../rows/frame-batch.js'

/** Animation frames that a test triggers by calling `draw`. */
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
