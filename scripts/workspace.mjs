// Shared by start, build and test: prepares the checkout so that it can run.
// Plain JavaScript that uses only Node's own modules, because it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Runs a command in the root of the checkout and shows its output; exits this process if it fails. */
export function run(command, args, { what, ...options }) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (status === 0) return
  console.error(`carryon: ${what} failed${error ? `: ${error.message}` : ''}; the lines above say why.`)
  process.exit(1)
}

/** Runs a tool that `npm ci` put into node_modules/.bin, without npx and its start-up time. */
export function runTool(tool, args, options) {
  run(process.execPath, [toolPath(tool), ...args], options)
}

/** The script behind a package's bin entry. */
export function toolPath(tool) {
  const { package: name = tool, bin } = tools[tool]
  return join(root, 'node_modules', name, bin)
}

const tools = {
  tsc: { package: 'typescript', bin: 'bin/tsc' },
  'vue-tsc': { bin: 'bin/vue-tsc.js' },
  vite: { bin: 'bin/vite.js' },
  vitest: { bin: 'vitest.mjs' },
  eslint: { bin: 'bin/eslint.js' },
  prettier: { bin: 'bin/prettier.cjs' },
  typedoc: { bin: 'bin/typedoc' },
}

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`carryon: Node 20.19 or newer is needed; this is ${process.versions.node}.`)
  process.exit(1)
}

/** Vite cuts a path off at these characters, and then finds no file. */
const unbuildable = /[#?]/

/** Exits this process if the path of the checkout has a character that breaks the build. */
export function requirePath() {
  const found = unbuildable.exec(root)
  if (found === null) return
  console.error(
    `carryon: the path of this checkout, ${root}, has a "${found[0]}" in it, and the page cannot be built there. ` +
      'Rename that folder, or move the checkout to another one.',
  )
  process.exit(1)
}

/** Installs dependencies if package-lock.json (or Node's module ABI) has changed since the last installation. */
export function ensureInstalled() {
  const stamp = join(root, 'node_modules', '.carryon-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('carryon: installing dependencies (once, and after each change of package-lock.json) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    what: 'installing dependencies',
    shell: process.platform === 'win32',
  })
  writeFileSync(stamp, wanted)
}

/** Builds the packages and the page if a source file has changed since the last build. */
export function ensureBuilt() {
  ifChanged('.carryon-built', ['apps/carryon/dist/main.js', 'apps/carryon/dist/page/index.html'], build)
}

/** Builds the components for publishing if a source file has changed since the last build. */
export function ensureComponentsBuilt() {
  ifChanged(
    '.carryon-components-built',
    ['packages/vue/dist/index.js', 'packages/vue/dist/index.d.ts'],
    buildComponents,
  )
}

/** @param stamp File in node_modules with the fingerprint of the sources that were built last. */
function ifChanged(stamp, outputs, buildOutputs) {
  const stampFile = join(root, 'node_modules', stamp)
  const wanted = sourceFingerprint()
  const present = outputs.every((output) => existsSync(join(root, output)))
  if (present && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return
  buildOutputs()
  writeFileSync(stampFile, wanted)
}

export function build() {
  console.log('carryon: building …')
  runTool('tsc', ['-b', 'tsconfig.build.json'], { what: 'building the packages' })
  runTool('vite', ['build', '--logLevel', 'warn'], { what: 'building the page', cwd: join(root, 'apps/web') })
  // The `carryon` command contains the page, so that the published package is complete.
  rmSync(join(root, 'apps/carryon/dist/page'), { recursive: true, force: true })
  cpSync(join(root, 'apps/web/dist'), join(root, 'apps/carryon/dist/page'), { recursive: true })
}

/** Builds the components for publishing. Our own page uses their source, and does not need this. */
export function buildComponents() {
  const cwd = join(root, 'packages/vue')
  runTool('vite', ['build', '--logLevel', 'warn'], { what: 'building the components', cwd })
  runTool('vue-tsc', ['-p', 'tsconfig.build.json'], { what: 'typing the components', cwd })
}

/** Hash of the content of all files that a build reads. */
function sourceFingerprint() {
  const hash = createHash('sha256')
  for (const file of buildInputs()) hash.update(relative(root, file)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

function* buildInputs() {
  yield join(root, 'package-lock.json')
  yield join(root, 'tsconfig.base.json')
  for (const parent of ['packages', 'apps']) yield* filesBelow(join(root, parent))
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', 'data'].includes(entry.name) || entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else if (!/\.(test\.ts|md)$/.test(entry.name)) yield path
  }
}
