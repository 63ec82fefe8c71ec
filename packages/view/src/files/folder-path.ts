/** What of a file says where it was in the folder that was picked or dropped. */
interface InFolder {
  readonly webkitRelativePath?: string
}

/** Where a file was, `films/2026` of `films/2026/a.mp4`; empty when it was brought by itself. Data, never a path. */
export function folderOf(file: object): string {
  const { webkitRelativePath: path = '' } = file as InFolder
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/**
 * Gives a file of a dropped folder the path that a browser gives one of a picked folder: it is told to the server, and
 * remembered with the pick.
 *
 * @param path `films/2026/a.mp4`
 */
export function withPath(file: File, path: string): File {
  if (path !== '' && path !== file.name) Object.defineProperty(file, 'webkitRelativePath', { value: path })
  return file
}
