/**
 * Sees to it that programs are there, and installs the Debian packages that bring them where this user may.
 *
 * @returns why they cannot be had; `null` when they are there
 * @throws Error instead, where `CI` is set: there nothing may be left out in silence
 */
export function missingPrograms(programs: readonly string[], packages: readonly string[]): string | null

/** Where a program is; `undefined` when it is not. */
export function pathOf(program: string): string | undefined
