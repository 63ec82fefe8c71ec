import { noteHandle } from '@carryon/client'
import { withPath } from './folder-path.js'
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
  await collect(answer, `${answer.name}/`, { files, leftOut }, found)
  if (files.length + leftOut.length === 0) leftOut.push({ name: answer.name, why: 'empty-folder' })
  return { files, leftOut }
}

/** @param path of the folder, with a slash at its end */
async function collect(
  folder: FileSystemDirectoryHandle,
  path: string,
  brought: { readonly files: File[]; readonly leftOut: LeftOut[] },
  found: (count: number) => void,
): Promise<void> {
  const { files, leftOut } = brought
  try {
    const waiting: Promise<void>[] = []
    const folders: FileSystemDirectoryHandle[] = []
    for await (const child of folder.values()) {
      if (child.kind === 'directory') folders.push(child)
      else waiting.push(fileOf(child, path, brought))
    }
    await Promise.all(waiting)
    found(files.length)
    for (const child of folders) await collect(child, `${path}${child.name}/`, brought, found)
  } catch {
    leftOut.push({ name: folder.name, why: 'unreadable' })
  }
}

async function fileOf(
  handle: FileSystemFileHandle,
  folder: string,
  { files, leftOut }: { readonly files: File[]; readonly leftOut: LeftOut[] },
): Promise<void> {
  try {
    files.push(noteHandle(withPath(await handle.getFile(), folder + handle.name), handle))
  } catch {
    leftOut.push({ name: handle.name, why: 'unreadable' })
  }
}
