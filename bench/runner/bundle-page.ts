import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * Bundles each contestant into its own page, `<contestant>.html`, as an application's build would.
 *
 * @param folder output folder
 * @param contestants names of files in `contestants`
 */
export async function bundlePages(folder: string, contestants: readonly string[]): Promise<void> {
  await build({
    entryPoints: {
      ...Object.fromEntries(contestants.map((name) => [name, source(`../contestants/${name}.ts`)])),
      // The client loads its worker under this name, relative to its own module.
      worker: source('../../packages/client/src/workers/worker.ts'),
      'hashing-worker': source('../contestants/hashing-worker.ts'),
    },
    outdir: folder,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['carryon-source'],
    logLevel: 'warning',
  })
  await mkdir(folder, { recursive: true })
  for (const name of contestants) {
    await writeFile(
      join(folder, `${name}.html`),
      `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,"><body><script type="module" src="/${name}.js"></script>`,
    )
  }
}
