// Finds the browser that the tests drive, or installs it with the system's package manager where possible.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run } from './workspace.mjs'

const chromiumPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of Chromium or Chrome, from CHROMIUM_PATH or the usual places. */
export function findChromium() {
  const named = process.env['CHROMIUM_PATH']
  if (named) return existsSync(named) ? named : undefined
  return chromiumPaths.find((path) => existsSync(path))
}

/**
 * Returns the path of Chromium. Installs it on Debian and Ubuntu as root; elsewhere prints how to get it, and exits.
 */
export function ensureChromium() {
  const found = findChromium()
  if (found) return found
  const canInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (canInstall) {
    console.log('carryon: installing Chromium for the browser tests …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    run('apt-get', ['update', '-qq'], { what: 'apt-get update', env })
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], {
      what: 'installing Chromium',
      env,
    })
    const installed = findChromium()
    if (installed) return installed
  }
  console.error(
    'carryon: the browser tests need Chromium or Chrome. Install one (Debian: sudo apt-get install chromium; ' +
      'elsewhere: https://www.google.com/chrome/), or set CHROMIUM_PATH to its program file.',
  )
  process.exit(1)
}
