import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, test } from 'vitest'
import { root } from '../../scripts/workspace.mjs'

const run = promisify(execFile)

/** Files that `npm pack` would put into a package. */
async function packedFiles(folder: string): Promise<readonly string[]> {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder })
  const [packed] = JSON.parse(stdout) as readonly { readonly files: readonly { readonly path: string }[] }[]
  return packed?.files.map(({ path }) => path) ?? []
}

const folders = ['protocol', 'hash', 'object-store', 'client', 'server', 'view', 'local-cos', 'vue'].map(
  (name) => `packages/${name}`,
)

/**
 * Files that must not be published. `@carryon/view/testing` and `@carryon/vue/testing` are published, for
 * applications that test their own pages.
 */
const unwanted = /\.test\.|^src\/testing\/|^data\/|\.env/

describe.each([...folders, 'apps/carryon'])('what is published of %s', (name) => {
  const folder = join(root, name)

  test('resolves and is typed for everybody who imports it', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >
    const { messages } = await publint({ pkgDir: folder, strict: true, pack: 'npm' })
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
  })

  test('is what is needed, without tests and what they are made with', async () => {
    const files = await packedFiles(folder)
    expect(files).toContain('package.json')
    expect(files.filter((path) => path.startsWith('dist/')).length).toBeGreaterThan(0)
    const allowed = /^packages\/(view|vue)$/.test(name) ? /^src\/testing\// : /$^/
    expect(files.filter((path) => unwanted.test(path) && !allowed.test(path))).toEqual([])
  })
})
