/** The part of a file that tells its place in the picked or dropped folder. */
interface InFolder {
  readonly webkitRelativePath?: string
}

/** Folder of a file: `films/2026` for `films/2026/a.mp4`; empty for a file without a folder. Only for display. */
export function folderOf(file: object): string {
  const { webkitRelativePath: path = '' } = file as InFolder
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/**
 * Gives a file of a dropped folder the path that browsers give to files of a picked folder. It is sent to the server and
 * remembered with the pick.
 *
 * @param path `films/2026/a.mp4`
 */
export function withPath(file: File, path: string): File {
  if (path !== '' && path !== file.name) Object.defineProperty(file, 'webkitRelativePath', { value: path })
  return file
}
