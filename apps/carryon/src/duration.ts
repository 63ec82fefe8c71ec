import { InvalidArgumentError } from 'commander'

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/**
 * Parses a duration on the command line, such as `90s`, `10m`, `24h` or `7d`, into seconds.
 * @throws InvalidArgumentError that describes the format
 */
export function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/u.exec(text) ?? []
  const seconds = Number(number) * (units[unit] ?? 0)
  if (seconds > 0) return seconds
  throw new InvalidArgumentError('It is a number and a unit, such as 90s, 10m, 24h or 7d.')
}

/** @example durationWords(600) // '10 minutes' */
export function durationWords(seconds: number): string {
  const [size, name] =
    seconds % 3_600 === 0 ? [3_600, 'hour'] : seconds % 60 === 0 ? [60, 'minute'] : [1, 'second']
  const count = seconds / size
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
