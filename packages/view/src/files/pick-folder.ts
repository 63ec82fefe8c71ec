import { readFolder } from './folder-handle.js'
import type { BroughtFiles, LeftOut } from './left-out.js'
import { askForHandles } from './pick-with-handles.js'

interface FolderPicker {
  showDirectoryPicker(options: { readonly mode: 'read' }): Promise<FileSystemDirectoryHandle>
}

/** Whether this browser can pick a folder; if not, folders can still be dropped and files picked. */
export function canPickFolders(page: typeof globalThis = globalThis): boolean {
  return (
    'showDirectoryPicker' in page ||
    ('HTMLInputElement' in page && 'webkitdirectory' in page.HTMLInputElement.prototype)
  )
}

/**
 * Opens the browser's folder dialog: with handles if the browser has them, so that uploads can resume after a reload without
 * another pick; otherwise with the input. Requires a user gesture.
 *
 * @param found called while the folder is read, with the number of files so far
 * @returns the folder's content; `null` if the input was used, whose `change` event then has it
 */
export async function openFolderDialog(
  input: HTMLInputElement | null,
  found: (count: number) => void = () => undefined,
  page: Partial<FolderPicker> = globalThis as Partial<FolderPicker>,
): Promise<BroughtFiles | null> {
  const { showDirectoryPicker } = page
  // Without handles the input is clicked in the gesture's own task, which Safari requires.
  const answer =
    showDirectoryPicker === undefined
      ? 'shut'
      : await askForHandles(() => showDirectoryPicker.call(page, { mode: 'read' }))
  if (answer === 'shut') {
    input?.click()
    return null
  }
  if (answer === 'closed') return { files: [], leftOut: [] }
  const files: File[] = []
  const leftOut: LeftOut[] = []
  await readFolder(answer, `${answer.name}/`, { files, leftOut, found })
  if (files.length + leftOut.length === 0) leftOut.push({ name: answer.name, why: 'empty-folder' })
  return { files, leftOut }
}
