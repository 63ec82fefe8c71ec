import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** One apt-get at a time, whatever tests ask for packages side by side; unlike dpkg's, the lists' lock is not waited for. */
const lock = '/tmp/carryon-apt.lock'
/** Milliseconds for the whole of an installation. */
const patience = 600_000

/**
 * Sees to it that programs are there, and installs the Debian packages that bring them where this user may.
 *
 * @param programs names, or absolute paths
 * @returns why they cannot be had; `null` when they are there
 * @throws Error instead, where `CI` is set: there nothing may be left out in silence
 */
export function missingPrograms(programs: readonly string[], packages: readonly string[]): string | null {
  const reason = install(programs, packages)
  if (reason !== null && process.env['CI']) throw new Error(reason)
  return reason
}

function install(programs: readonly string[], packages: readonly string[]): string | null {
  const missing = programs.filter((program) => !isThere(program))
  if (missing.length === 0) return null
  const lacking = `${missing.join(', ')} not found`
  if (!isThere('apt-get') || !isThere('flock')) return `${lacking}, and this is no Debian to install it on`
  if (process.getuid?.() !== 0) return `${lacking}; as root: apt-get install ${packages.join(' ')}`
  const apt = (...args: readonly string[]) =>
    spawnSync('flock', [lock, 'apt-get', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: patience,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  apt('update', '-qq')
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
  return programs.every(isThere) ? null : `${lacking}, and apt-get could not install ${packages.join(' ')}`
}

function isThere(program: string): boolean {
  const folders = program.startsWith('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
