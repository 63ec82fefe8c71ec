/**
 * Compares two strings by their UTF-8 bytes, the order of every listing of the protocol. UTF-16 code units order alike
 * but for surrogates, which stand for code points above all others and yet sort below U+E000.
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

/** Whether `<` compares a string with others like it as {@link compareUtf8} does: it has no character beyond U+FFFF. */
export function isPlain(text: string): boolean {
  return !surrogate.test(text)
}
