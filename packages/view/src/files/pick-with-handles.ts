import { noteHandle } from '@carryon/client'
import type { BroughtFiles, LeftOut } from './left-out.js'

interface HandlePicker {
  showOpenFilePicker(options: { readonly multiple: boolean }): Promise<readonly FileSystemFileHandle[]>
}

/** Without it an ordinary dialog has to be opened in the gesture's own task: Safari wants that. */
export function canPickWithHandles(): boolean {
  return 'showOpenFilePicker' in globalThis
}

/** Milliseconds. Nobody closes a dialog faster; one that ends so soon was never shown. */
const quickest = 100

/**
 * Asks by a dialog that answers handles.
 *
 * @returns `closed`: the person picked nothing; `shut`: it was never shown
 */
export async function askForHandles<T>(ask: () => Promise<T>): Promise<T | 'closed' | 'shut'> {
  const began = performance.now()
  try {
    return await ask()
  } catch {
    return performance.now() - began > quickest ? 'closed' : 'shut'
  }
}

/**
 * Opens the browser's dialog that answers handles, so that an upload can go on after a reload without another pick.
 * Needs a user's gesture.
 *
 * @returns the files, none when the person closed the dialog; `null` where there is no such dialog, or policy or a
 *   tool that drives the browser keeps it shut: the gesture still counts then, for an ordinary one
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
  // One that is gone by now, on a drive that was pulled out, keeps none of the others back.
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
 * Opens the browser's dialog: by handles where the browser has them, else by the input. Needs a user's gesture.
 *
 * @returns what was picked by handles; `null` when the input was asked, whose `change` event tells
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

/** The files of an input, which is emptied: picking the same file again is a change again. */
export function takeFilesOf(input: HTMLInputElement): readonly File[] {
  const files = Array.from(input.files ?? [])
  input.value = ''
  return files
}
