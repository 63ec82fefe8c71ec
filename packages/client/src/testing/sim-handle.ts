import { noteHandle } from '../extensions/local-copies/file-handles.js'
import type { SimFile } from './sim-file.js'

/** A handle to a simulated file, with the browser's answers to permission requests after a reload. */
export class SimHandle {
  permission: PermissionState = 'prompt'
  /** The user's answer to the permission prompt. */
  answer: PermissionState = 'granted'
  /** The file at that place now; `null`: none. */
  file: SimFile | null

  /** Marks `file` as picked by handle. */
  constructor(file: SimFile) {
    this.file = file
    noteHandle(file as unknown as File, this as unknown as FileSystemFileHandle)
  }

  async queryPermission(): Promise<PermissionState> {
    return this.permission
  }

  async requestPermission(): Promise<PermissionState> {
    if (this.permission === 'prompt') this.permission = this.answer
    return this.permission
  }

  async getFile(): Promise<SimFile> {
    if (this.file === null) throw new DOMException('Gone.', 'NotFoundError')
    return this.file
  }
}
