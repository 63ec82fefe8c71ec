/**
 * Compares two strings by their UTF-8 bytes, the order of all listings in the protocol. UTF-16 code units give
 * the same order except for surrogates, which encode the highest code points but sort below U+E000.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const unitOfA = a.charCodeAt(index)
    const unitOfB = b.charCodeAt(index)
    if (unitOfA !== unitOfB) return rank(unitOfA) - rank(unitOfB)
  }
  return a.length - b.length
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

const surrogate = /[\ud800-\udfff]/

/**
 * Whether `<` gives the same order as {@link compareUtf8} among such strings: true if the text has no character
 * above U+FFFF.
 */
export function isPlain(text: string): boolean {
  return !surrogate.test(text)
}
