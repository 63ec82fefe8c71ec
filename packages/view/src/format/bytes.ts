import { primaryOf } from './primary.js'

/**
 * Sizes in decimal units (1 MB is 1 000 000 bytes), as operating systems' file managers and Tencent's console show
 * them. MB and GB are kept up to four digits before the point, so a file of two gigabytes reads `2164.9 MB` and its
 * progress moves visibly.
 */
const units = [
  { name: 'KB', bytes: 1e3, below: 1e6 },
  { name: 'MB', bytes: 1e6, below: 1e10 },
  { name: 'GB', bytes: 1e9, below: 1e13 },
  { name: 'TB', bytes: 1e12, below: Infinity },
] as const

type Unit = { readonly name: string; readonly bytes: number }

const bytesUnit: Unit = { name: 'B', bytes: 1 }

/** Shown for an unknown number, instead of NaN or Infinity. */
export const dash = '–'

/** Chinese has no space between number and unit. */
function gapOf(language: string): string {
  return primaryOf(language) === 'zh' ? '' : ' '
}

function unitFor(bytes: number): Unit {
  if (bytes < 1000) return bytesUnit
  // 999 950 bytes would read 1000.0 KB: a size that rounds up to the next unit is shown in that unit.
  return (
    units.find((unit) => Math.round((bytes / unit.bytes) * 10) * (unit.bytes / 10) < unit.below) ?? units[3]
  )
}

function inUnit(bytes: number, unit: Unit, round: (value: number) => number, language: string): string {
  const gap = gapOf(language)
  if (unit === bytesUnit) return `${round(bytes)}${gap}B`
  return `${(round((bytes / unit.bytes) * 10) / 10).toFixed(1)}${gap}${unit.name}`
}

function isSize(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

/**
 * A size in words.
 *
 * @param language a BCP 47 tag; default: `en`
 * @example formatBytes(2_164_900_000, 'en') // '2164.9 MB'
 * @example formatBytes(2_164_900_000, 'zh') // '2164.9MB'
 */
export function formatBytes(bytes: number | null | undefined, language = 'en'): string {
  return isSize(bytes) ? inUnit(bytes, unitFor(bytes), Math.round, language) : dash
}

/**
 * A part and its total, both in the total's unit. The part is rounded down, so that it equals the total only when it is
 * complete.
 *
 * @param language a BCP 47 tag; default: `en`
 * @example formatBytesOf(710_900_000, 2_164_900_000, 'zh') // '710.9MB/2164.9MB'
 */
export function formatBytesOf(loaded: number, total: number, language = 'en'): string {
  if (!isSize(loaded) || !isSize(total)) return dash
  const unit = unitFor(total)
  const done = inUnit(loaded, unit, loaded >= total ? Math.round : Math.floor, language)
  return `${done}/${inUnit(total, unit, Math.round, language)}`
}

/**
 * A speed in words.
 *
 * @param bytesPerSecond `null` while unknown
 * @param language a BCP 47 tag; default: `en`
 * @example formatSpeed(12_345_678, 'en') // '12.3 MB/s'
 */
export function formatSpeed(bytesPerSecond: number | null, language = 'en'): string {
  return isSize(bytesPerSecond) ? `${formatBytes(bytesPerSecond, language)}/s` : dash
}
