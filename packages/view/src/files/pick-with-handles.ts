import { noteHandle } from '@carryon/client'
import type { BroughtFiles, LeftOut } from './left-out.js'

interface HandlePicker {
  showOpenFilePicker(options: { readonly multiple: boolean }): Promise<readonly FileSystemFileHandle[]>
}

/** If not, the ordinary dialog must be opened in the gesture's own task, which Safari requires. */
export function canPickWithHandles(): boolean {
  return 'showOpenFilePicker' in globalThis
}

/** Milliseconds. Nobody closes a dialog faster; one that ends sooner was never shown. */
const quickest = 100

/**
 * Opens a dialog that returns handles.
 *
 * @returns `closed`: the user picked nothing; `shut`: the dialog was not shown, or failed
 */
export async function askForHandles<T>(ask: () => Promise<T>): Promise<T | 'closed' | 'shut'> {
  const began = performance.now()
  try {
    return await ask()
  } catch (error) {
    const isCancelled = error instanceof DOMException && error.name === 'AbortError'
    return isCancelled && performance.now() - began > quickest ? 'closed' : 'shut'
  }
}

/**
 * Opens the browser's dialog that returns handles, so that an upload can resume after a reload without another pick.
 * Requires a user gesture.
 *
 * @returns the files, none if the user closed the dialog; `null` if there is no such dialog, or it cannot be used because of
 *   a policy or a browser automation tool. The gesture can then still open an ordinary dialog.
 */
export async function pickWithHandles(
  multiple: boolean,
  page: Partial<HandlePicker> = globalThis as Partial<HandlePicker>,
): Promise<BroughtFiles | null> {
  const { showOpenFilePicker } = page
  if (showOpenFilePicker === undefined) return null
  const handles = await askForHandles(() => showOpenFilePicker.call(page, { multiple }))
  if (handles === 'shut') return null
  if (handles === 'closed') return { files: [], leftOut: [] }
  // A file that is gone meanwhile, as on a removed drive, must not block the others.
  const got = await Promise.allSettled(handles.map((handle) => handle.getFile()))
  const files: File[] = []
  const leftOut: LeftOut[] = []
  handles.forEach((handle, index) => {
    const file = got[index]
    if (file?.status === 'fulfilled') files.push(noteHandle(file.value, handle))
    else leftOut.push({ name: handle.name, why: 'unreadable' })
  })
  return { files, leftOut }
}

/**
 * Opens the browser's file dialog: with handles if the browser has them, otherwise with the input. Requires a user gesture.
 *
 * @returns what was picked with handles; `null` if the input was used, whose `change` event then has the files
 */
export function openFileDialog(
  input: HTMLInputElement | null,
  multiple: boolean,
): Promise<BroughtFiles | null> {
  if (!canPickWithHandles()) {
    input?.click()
    return Promise.resolve(null)
  }
  return pickWithHandles(multiple).then((brought) => {
    if (brought === null) input?.click()
    return brought
  })
}

/** The files of an input, which is then emptied, so that picking the same file again is a change. */
export function takeFilesOf(input: HTMLInputElement): readonly File[] {
  const files = Array.from(input.files ?? [])
  input.value = ''
  return files
}
