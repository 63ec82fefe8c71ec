/** Milliseconds before copying begins: the first bytes of an upload have the machine for themselves. */
export const headStart = 300

/** Bytes per second from which on sending is taken to want the processor and the disk for itself. */
const fastLine = 48 * 2 ** 20

/**
 * How long to rest after copying a part. On a line slower than the disk, which is nearly every one, copying may take
 * two thirds of one thread; where the line is as fast, a tenth.
 *
 * @param took milliseconds that copying took
 * @param speed bytes per second of the sending; `null` while unknown
 * @returns milliseconds
 */
export function restAfter(took: number, speed: number | null): number {
  return speed !== null && speed > fastLine ? took * 9 : took / 2
}
