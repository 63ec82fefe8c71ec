import type { FileSource } from '../ports.js'

/**
 * The whole of a file. A `File` is a slice of itself: cutting another costs a browser half a millisecond and more of the
 * calling thread, and once its size was asked Chromium refuses to read it after a change just as it does a slice.
 */
export function wholeOf(file: FileSource): Blob {
  return file instanceof Blob ? file : file.slice(0, file.size)
}
