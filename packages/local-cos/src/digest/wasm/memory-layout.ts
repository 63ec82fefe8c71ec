/** Where things are in the module's memory, in bytes. */

/** 64 32-bit integers: MD5's additive constants. */
export const md5Constants = 0
/** a, b, c and d, each a row of four 32-bit integers, one of each lane. */
export const md5States = 256
/** Four 32-bit integers: where each lane's data begins. */
export const md5Pointers = 320
/** Sixteen rows of four 32-bit integers: the words of the block that the lanes are at. */
export const md5Words = 384
/** Eight tables of 256 64-bit integers. */
export const crc64Tables = 1024
const tablesEnd = crc64Tables + 8 * 256 * 8

/** Bytes that a folded CRC64 needs of what came before: 2241 blocks of 16. */
export const foldedBytes = 2241 * 16

export const laneCount = 4
/** What a lane reads of its body at a time. Four of them, with what was folded, stay in a core's own cache. */
export const laneBytes = 128 * 1024
/** Before a lane's bytes stand the last ones that were folded; the odd distance keeps lanes out of each other's cache sets. */
const laneDistance = 64 * Math.ceil(foldedBytes / 64) + laneBytes
const firstLane = 64 * Math.ceil((tablesEnd + foldedBytes) / 64)

/** Where a lane's bytes begin, from 0 to {@link laneCount} - 1. */
export function laneStart(lane: number): number {
  return firstLane + lane * laneDistance
}

/** WebAssembly counts memory in pages. */
export const memoryPages = Math.ceil(laneStart(laneCount) / 65_536)
