import type { Import } from './imports.js'

/** Imports inside a package that belong to a cycle: other imports lead from their target back to their source. */
export function importsInCircles(imports: readonly Import[]): readonly Import[] {
  const inside = imports.filter(({ fromPackage, toPackage }) => fromPackage === toPackage)
  return inside.filter(({ fromPackage, from, to }) => {
    const reached = new Set([to])
    // Iterating a set includes the elements added meanwhile.
    for (const place of reached) {
      for (const other of inside) {
        if (other.fromPackage === fromPackage && other.from === place) reached.add(other.to)
      }
    }
    return reached.has(from)
  })
}
