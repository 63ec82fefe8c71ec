/** Base64 (RFC 4648, 4), as headers and secrets have it. */
export function toBase64(bytes: ArrayBuffer | Uint8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}

/** `null` if the text is not Base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  // `atob` would also accept spaces.
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(text)) return null
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}
