/** Numbers with more digits are not compared as numbers. */
const digits = 16

/**
 * Sorts files as a file manager does: by folder and name, `photo 2` before `photo 10`. A sort key is computed for each file,
 * because locale-aware comparison takes a tenth of a second for ten thousand files.
 */
export function inNaturalOrder<T extends { readonly name: string; readonly webkitRelativePath?: string }>(
  files: readonly T[],
): readonly T[] {
  if (files.length < 2) return files
  const keyed = files.map((file) => ({ file, key: keyOf(file.webkitRelativePath || file.name) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.map(({ file }) => file)
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (number) => number.padStart(digits, '0'))
}
