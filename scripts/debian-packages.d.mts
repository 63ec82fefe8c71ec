/**
 * Makes sure that programs are available: installs the Debian packages that contain them, if this user is allowed to.
 *
 * @returns why a program is unavailable; `null` when all are available
 * @throws Error instead of returning a reason, if `CI` is set: CI must not skip tests silently
 */
export function missingPrograms(programs: readonly string[], packages: readonly string[]): string | null

/** Path of a program; `undefined` when it is not found. */
export function pathOf(program: string): string | undefined
