import {
  canPause,
  createUploads,
  isPaused,
  messagesIn,
  progressWords,
  stateWords,
  takeFilesOf,
  warnBeforeLeaving,
  type Store,
  type UploadRow,
  type Uploads,
  type UploadsOptions,
} from '@carryon/view'
import { memo, useEffect, useState, useSyncExternalStore } from 'react'

const messages = messagesIn('en')

export function useStore<T>(store: Store<T>): T {
  const read = (): T => store.snapshot
  return useSyncExternalStore(store.subscribe, read, read)
}

export function useUploads(options: UploadsOptions): Uploads {
  const [uploads] = useState(() => createUploads(options))
  useEffect(() => uploads.start(), [uploads])
  return uploads
}

export function UploadPage({ options }: { readonly options: UploadsOptions }) {
  const uploads = useUploads(options)
  const { groups, totals, active } = useStore(uploads)
  useEffect(() => (active ? warnBeforeLeaving() : undefined), [active])
  return (
    <main>
      <input type="file" multiple onChange={(event) => void uploads.add(takeFilesOf(event.currentTarget))} />
      <p>{messages.summary(totals)}</p>
      {[...groups.open, ...groups.done].map((row) => (
        <Row key={row.key} row={row} uploads={uploads} />
      ))}
    </main>
  )
}

const Row = memo(({ row, uploads }: { readonly row: UploadRow; readonly uploads: Uploads }) => {
  const snapshot = useStore(row)
  const words = [stateWords(snapshot, messages), ...progressWords(snapshot, messages)]
  return (
    <section aria-label={row.upload.file.name}>
      <span>{words.join(', ')}</span>
      {canPause(snapshot) && <button onClick={() => row.upload.pause()}>{messages.pause}</button>}
      {isPaused(snapshot) && <button onClick={() => row.upload.resume()}>{messages.resume}</button>}
      <button onClick={() => uploads.cancelSoon(row)}>{messages.cancel}</button>
    </section>
  )
})
