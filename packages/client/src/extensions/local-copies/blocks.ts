import type { ByteRange } from './ranges.js'

const MiB = 1024 * 1024

/**
 * How a file is divided into blocks for copying, independent of its parts. A CRC-64 is computed for each grain of a
 * block; grains are small enough that every part consists of whole grains.
 */
export interface BlockCut {
  /** Bytes of the file. */
  readonly size: number
  /** Bytes of each block but the last; a multiple of the grain. */
  readonly blockSize: number
}

/**
 * Bytes of a grain: the end of every part is a multiple of it. This is 1 MiB where parts are whole MiB, otherwise the
 * size of the first part.
 *
 * @param partSize bytes of an upload's first part
 */
export function grainOf(partSize: number): number {
  return partSize % MiB === 0 ? MiB : partSize
}

/** `wanted` rounded up to a multiple of the grain. Bytes. */
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

/** Indexes of the blocks that overlap the range. */
export function blocksOf({ blockSize }: BlockCut, { start, end }: ByteRange): readonly number[] {
  const first = Math.floor(start / blockSize)
  return Array.from({ length: Math.ceil(end / blockSize) - first }, (_, index) => first + index)
}
