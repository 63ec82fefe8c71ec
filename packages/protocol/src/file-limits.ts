import type { LimitsAnswer } from './calls.js'

/** Why a file is refused, as far as that is known before reading it. */
export type FileRefusal = 'too-large' | 'media-type' | 'extension'

/** The limits that apply to a single file. */
export type FileLimits = Pick<LimitsAnswer['limits'], 'maxFileBytes' | 'mediaTypes' | 'extensions'>

/**
 * Why the declared file exceeds the limits; `null`: it is within them. Comparison ignores case, and a leading dot of
 * an extension.
 */
export function refusalOf(
  { maxFileBytes, mediaTypes, extensions }: FileLimits,
  { name, size, type }: { readonly name: string; readonly size: number; readonly type: string },
): FileRefusal | null {
  if (size > maxFileBytes) return 'too-large'
  const essence = type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (mediaTypes !== null && !mediaTypes.some((range) => isInRange(essence, range.toLowerCase())))
    return 'media-type'
  const ending = endingOf(name)
  if (extensions !== null && !extensions.some((one) => one.replace(/^\./u, '').toLowerCase() === ending))
    return 'extension'
  return null
}

function isInRange(essence: string, range: string): boolean {
  if (range === '*/*') return true
  return range.endsWith('/*') ? essence.startsWith(range.slice(0, -1)) : essence === range
}

function endingOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot === -1 ? '' : name.slice(dot + 1).toLowerCase()
}
