/**
 * MD5 (RFC 1321) as Base64: the `Content-MD5` of small XML documents, which stores require for some calls. WebCrypto
 * has no MD5, and browsers have no `node:crypto`. About 100 MB/s: use faster ways for whole files.
 */
export function md5Base64(bytes: Uint8Array): string {
  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  const message = pad(bytes)
  for (let offset = 0; offset < message.byteLength; offset += 64) {
    const [a0, b0, c0, d0] = [a, b, c, d]
    for (let step = 0; step < 64; step++) {
      const round = step >> 4
      const [mixed, word] =
        round === 0
          ? [(b & c) | (~b & d), step]
          : round === 1
            ? [(d & b) | (~d & c), (5 * step + 1) % 16]
            : round === 2
              ? [b ^ c ^ d, (3 * step + 5) % 16]
              : [c ^ (b | ~d), (7 * step) % 16]
      const sum = (a + mixed + (sines[step] ?? 0) + message.getUint32(offset + word * 4, true)) | 0
      const turn = rotations[round * 4 + (step % 4)] ?? 0
      ;[a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0]
    }
    ;[a, b, c, d] = [(a + a0) | 0, (b + b0) | 0, (c + c0) | 0, (d + d0) | 0]
  }
  const digest = new DataView(new ArrayBuffer(16))
  ;[a, b, c, d].forEach((word, index) => digest.setInt32(index * 4, word, true))
  return btoa(String.fromCharCode(...new Uint8Array(digest.buffer)))
}

/** RFC 1321 section 3.4: floor(2^32 · |sin(i + 1)|). */
const sines = Array.from({ length: 64 }, (_, index) => Math.floor(2 ** 32 * Math.abs(Math.sin(index + 1))))
const rotations = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

/** RFC 1321 sections 3.1 and 3.2: one bit, zeros, and the length in bits, to a multiple of 64 bytes. */
function pad(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n, true)
  return view
}
