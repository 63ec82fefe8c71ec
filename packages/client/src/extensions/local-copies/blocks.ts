import type { ByteRange } from './ranges.js'

const MiB = 1024 * 1024

/**
 * How a file is copied: in blocks by position, whatever its parts are. A CRC-64 is computed for each grain of a block, so
 * fine that those of parts are made up of them.
 */
export interface BlockCut {
  /** Bytes of the file. */
  readonly size: number
  /** Bytes of each block but the last: a whole number of grains. */
  readonly blockSize: number
}

/**
 * Bytes of which the ends of all parts are multiples: parts are whole MiB; where they are not, whole multiples of the first.
 *
 * @param partSize bytes of an upload's first part
 */
export function grainOf(partSize: number): number {
  return partSize % MiB === 0 ? MiB : partSize
}

/** The least whole number of grains that is not less than what is wanted. Bytes. */
export function blockSizeOf(wanted: number, grain: number): number {
  return Math.ceil(wanted / grain) * grain
}

export function blockCount({ size, blockSize }: BlockCut): number {
  return Math.ceil(size / blockSize)
}

/** @param index from 0 */
export function blockRange({ size, blockSize }: BlockCut, index: number): ByteRange {
  return { start: index * blockSize, end: Math.min((index + 1) * blockSize, size) }
}

/** Indexes of the blocks that have bytes of the range. */
export function blocksOf({ blockSize }: BlockCut, { start, end }: ByteRange): readonly number[] {
  const first = Math.floor(start / blockSize)
  return Array.from({ length: Math.ceil(end / blockSize) - first }, (_, index) => first + index)
}
