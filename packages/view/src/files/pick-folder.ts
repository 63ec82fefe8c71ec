import { readFolder } from './folder-handle.js'
import type { BroughtFiles, LeftOut } from './left-out.js'
import { askForHandles } from './pick-with-handles.js'

interface FolderPicker {
  showDirectoryPicker(options: { readonly mode: 'read' }): Promise<FileSystemDirectoryHandle>
}

/** Whether a person can pick a folder here; where not, folders may still be dropped, or files be picked. */
export function canPickFolders(page: typeof globalThis = globalThis): boolean {
  return (
    'showDirectoryPicker' in page ||
    ('HTMLInputElement' in page && 'webkitdirectory' in page.HTMLInputElement.prototype)
  )
}

/**
 * Opens the browser's dialog for a folder: by handles where the browser has them, so that uploads can go on after a reload
 * without another pick, else by the input. Needs a user's gesture.
 *
 * @param found called while the folder is read, with the number of files so far
 * @returns what the folder has; `null` when the input was asked, whose `change` event tells
 */
export async function openFolderDialog(
  input: HTMLInputElement | null,
  found: (count: number) => void = () => undefined,
  page: Partial<FolderPicker> = globalThis as Partial<FolderPicker>,
): Promise<BroughtFiles | null> {
  const { showDirectoryPicker } = page
  // Without it the input is asked in the gesture's own task: Safari wants that.
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
