import { noteHandle } from '@carryon/client'

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
 * Opens the browser's dialog that answers handles, so that an upload can go on after a reload without another pick.
 * Needs a user's gesture.
 *
 * @returns the files, none when the person closed the dialog; `null` where there is no such dialog, or policy or a
 *   tool that drives the browser keeps it shut: the gesture still counts then, for an ordinary one
 */
export async function pickWithHandles(
  multiple: boolean,
  page: Partial<HandlePicker> = globalThis as Partial<HandlePicker>,
): Promise<readonly File[] | null> {
  if (page.showOpenFilePicker === undefined) return null
  const began = performance.now()
  let handles: readonly FileSystemFileHandle[]
  try {
    handles = await page.showOpenFilePicker({ multiple })
  } catch {
    return performance.now() - began > quickest ? [] : null
  }
  return Promise.all(handles.map(async (handle) => noteHandle(await handle.getFile(), handle)))
}
