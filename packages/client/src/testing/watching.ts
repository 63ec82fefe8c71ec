import type { Upload, UploadSnapshot } from '../upload-types.js'

/** Bytes acknowledged so far. */
export function loaded(upload: Upload): number {
  return upload.snapshot.progress.loaded
}

/** Every state of the upload from now on, with the reason if it waits. */
export function statesOf(upload: Upload): string[] {
  const label = ({ state, waitReason }: UploadSnapshot): string =>
    waitReason ? `${state}/${waitReason}` : state
  const states = [label(upload.snapshot)]
  upload.on('change', (snapshot) => {
    if (label(snapshot) !== states.at(-1)) states.push(label(snapshot))
  })
  return states
}
