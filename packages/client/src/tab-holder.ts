import type { Holder } from './tab-desk.js'
import type { TabCommand, TabWord } from './tab-messages.js'
import type { Upload } from './upload-types.js'

/** How an upload of this tab answers those that mirror it in others. */
export function holderOf(upload: Upload): Holder {
  return { word: () => wordOf(upload), obey: (command) => obey(upload, command) }
}

function wordOf({ id, snapshot }: Upload): TabWord {
  const { state, waitReason, progress, result } = snapshot
  return {
    id,
    state,
    progress,
    ...(waitReason === undefined ? {} : { waitReason }),
    ...(result === undefined ? {} : { result }),
  }
}

function obey(upload: Upload, command: TabCommand): void {
  switch (command) {
    case 'pause': {
      upload.pause()
      return
    }
    case 'resume': {
      upload.resume()
      return
    }
    case 'cancel':
      // One that does not get through is tried again there.
      upload.cancel().catch(() => undefined)
  }
}
