import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'

/** What a figure depends on besides the code. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** GiB */
  readonly memory: number
  readonly system: string
  readonly node: string
  readonly chromium: string
  /** Versions of the measured packages, by name. */
  readonly packages: Readonly<Record<string, string>>
  /** Load average of the last minute; near 0 on an otherwise idle machine. */
  readonly load: number
}

export function describeMachine(chromium: string, packages: readonly string[]): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()}`,
    node: process.version,
    chromium,
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
}

function versionOf(name: string): string {
  const require = createRequire(import.meta.url)
  const folder = require.resolve.paths(name)?.map((path) => `${path}/${name}/package.json`) ?? []
  for (const path of folder) {
    try {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
      return version
    } catch {
      // Not in this folder.
    }
  }
  return 'unknown'
}
