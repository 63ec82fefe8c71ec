/** Total bytes of the slices. */
export function sizeOfAll(slices: readonly Blob[]): number {
  return slices.reduce((sum, { size }) => sum + size, 0)
}
