// Installs programs that tests need besides npm packages, if this user is allowed to.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Serializes apt-get across concurrent tests: apt-get itself does not wait for the lock on its package lists. */
const lock = '/tmp/carryon-apt.lock'
/** Timeout of one run of apt-get, in milliseconds. */
const patience = 600_000

/** See debian-packages.d.mts. */
export function missingPrograms(programs, packages) {
  const reason = install(programs, packages)
  if (reason !== null && process.env.CI) throw new Error(reason)
  return reason
}

function install(programs, packages) {
  const missing = programs.filter((program) => pathOf(program) === undefined)
  if (missing.length === 0) return null
  const lacking = `${missing.join(', ')} not found`
  if (!pathOf('apt-get') || !pathOf('flock')) return `${lacking}, and this is no Debian to install it on`
  if (process.getuid?.() !== 0) return `${lacking}; as root: apt-get install ${packages.join(' ')}`
  apt('update', '-qq')
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
  const installed = programs.every((program) => pathOf(program) !== undefined)
  return installed ? null : `${lacking}, and apt-get could not install ${packages.join(' ')}`
}

function apt(...args) {
  spawnSync('flock', [lock, 'apt-get', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: patience,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

/** Debian keeps PostgreSQL's programs in a folder for each version, outside PATH. */
const postgresRoot = '/usr/lib/postgresql'

export function pathOf(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', ...postgresFolders()]
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function postgresFolders() {
  try {
    const versions = readdirSync(postgresRoot).sort((a, b) => Number(b) - Number(a))
    return versions.map((version) => join(postgresRoot, version, 'bin'))
  } catch {
    return []
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
