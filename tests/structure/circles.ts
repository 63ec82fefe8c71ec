import type { Import } from './imports.js'

/** Those imports inside a package from whose end other imports lead back to their beginning. */
export function importsInCircles(imports: readonly Import[]): readonly Import[] {
  const inside = imports.filter(({ fromPackage, toPackage }) => fromPackage === toPackage)
  return inside.filter(({ fromPackage, from, to }) => {
    const reached = new Set([to])
    // A set is walked to what is added meanwhile.
    for (const place of reached) {
      for (const other of inside) {
        if (other.fromPackage === fromPackage && other.from === place) reached.add(other.to)
      }
    }
    return reached.has(from)
  })
}
