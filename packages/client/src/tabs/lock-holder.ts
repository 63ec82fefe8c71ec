import type { LockHolder } from './tab-bus.js'
import type { Upload } from '../upload-types.js'

/** How an upload of this tab answers those that mirror it in others. */
export function lockHolderOf(upload: Upload): LockHolder {
  return {
    status: () => {
      const { id, snapshot } = upload
      const { state, waitReason, progress, result } = snapshot
      return {
        id,
        name: upload.file.name,
        state,
        progress,
        ...(waitReason === undefined ? {} : { waitReason }),
        ...(result === undefined ? {} : { result }),
      }
    },
    run: (command) => {
      // A cancel that does not get through is tried again there.
      if (command === 'cancel') upload.cancel().catch(() => undefined)
      else upload[command]()
    },
  }
}
