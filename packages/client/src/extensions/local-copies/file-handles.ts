import type { FileSource } from '../../ports.js'

/** `queryPermission` and `requestPermission` are Chromium's (WICG File System Access). */
interface PermissionedHandle extends FileSystemFileHandle {
  queryPermission?(descriptor: { readonly mode: 'read' }): Promise<PermissionState>
  requestPermission?(descriptor: { readonly mode: 'read' }): Promise<PermissionState>
}

const handles = new WeakMap<FileSource, FileSystemFileHandle>()

/**
 * Tells the client that `file` came from `handle`; call it before the upload. After a reload the upload then resumes
 * with one click, or none where the permission persists, and nothing is copied.
 *
 * @returns `file`
 * @example
 * const [handle] = await showOpenFilePicker()
 * uploader.upload(noteHandle(await handle.getFile(), handle))
 */
export function noteHandle(file: File, handle: FileSystemFileHandle): File {
  handles.set(file, handle)
  return file
}

export function handleOf(file: FileSource): FileSystemFileHandle | null {
  return handles.get(file) ?? null
}

/** Whether the file may be read now. `granted` where the browser has no permission query; reading then shows it. */
export async function permissionOf(handle: FileSystemFileHandle): Promise<PermissionState> {
  return (await (handle as PermissionedHandle).queryPermission?.({ mode: 'read' })) ?? 'granted'
}

/** Asks for permission, which requires a recent click. */
export async function askPermission(handle: FileSystemFileHandle): Promise<PermissionState> {
  return (await (handle as PermissionedHandle).requestPermission?.({ mode: 'read' })) ?? 'granted'
}
