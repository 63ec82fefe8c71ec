import type { Upload, UploadSnapshot } from '@carryon/client'
import { shallowRef, type ShallowRef } from 'vue'

/** Whether a cancel can still be taken back, is under way, or did not get through. */
export type Cancelling = 'no' | 'soon' | 'yes' | 'failed'

/** One upload as the page shows it. The engine's objects stay as they are; only the snapshot is watched. */
export interface UploadRow {
  /** Unique on this page. */
  readonly key: number
  readonly upload: Upload
  /** As of the last frame. */
  readonly snapshot: Readonly<ShallowRef<UploadSnapshot>>
  readonly cancelling: ShallowRef<Cancelling>
  /** When this page saw it finish. */
  finishedAt: Date | null
  /** Finished before the uploads of now began, so it does not count into their percent. */
  settled: boolean
}

export function createUploadRow(
  upload: Upload,
  key: number,
): UploadRow & { readonly snapshot: ShallowRef<UploadSnapshot> } {
  return {
    key,
    upload,
    snapshot: shallowRef(upload.snapshot),
    cancelling: shallowRef('no'),
    finishedAt: null,
    settled: false,
  }
}

/** Whether a cancel of everything is meant for it: what is about to be finished is not thrown away with the rest. */
export function isCancellable({ upload, cancelling }: UploadRow): boolean {
  const { state } = upload.snapshot
  return state !== 'done' && state !== 'finishing' && cancelling.value !== 'yes'
}
