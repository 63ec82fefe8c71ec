import { execFileSync } from 'node:child_process'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import { findChromium } from '../../../scripts/browsers.mjs'

/** One line describing the current environment, on which the figures depend besides the code. */
export function describeEnvironment(): string {
  const executable = findChromium()
  const chromium =
    executable === undefined
      ? 'no Chromium'
      : execFileSync(executable, ['--version'], { encoding: 'utf8' })
          .trim()
          .split(/\s+/)
          .slice(0, 2)
          .join(' ')
  const load = (loadavg()[0] ?? 0).toFixed(1)
  const memory = Math.round(totalmem() / 1024 ** 3)
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ')
  return (
    `${date} UTC; ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, ` +
    `load ${load} before; ${platform()} ${release()}; ${chromium}, Node ${process.version}`
  )
}
