import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Metafile, OutputFile } from 'esbuild'

/** Bytes of every script that a page loads before its first byte can go out. */
export interface ClientSize {
  readonly minified: number
  /** gzip -9, each file for itself. */
  readonly gzip: number
  /** Bytes of these and of all that may be loaded later, in the same two ways. */
  readonly all: { readonly minified: number; readonly gzip: number }
  /** Minified bytes of each source file, by its path from the root of the repository. */
  readonly sources: ReadonlyMap<string, number>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Modules that are loaded beside the page's own bundle. */
const workers: Readonly<Record<string, string>> = {
  '@carryon/client': fileURLToPath(new URL('../../packages/client/src/worker.ts', import.meta.url)),
}

/** Size of a package as a page's build makes it: bundled and minified by esbuild, its worker included. */
export async function sizeOf(packageName: string): Promise<ClientSize> {
  const worker = workers[packageName]
  const { outputFiles, metafile } = await build({
    entryPoints: { index: 'page', ...(worker === undefined ? {} : { worker }) },
    plugins: [
      {
        name: 'page',
        setup(bundler) {
          bundler.onResolve({ filter: /^page$/ }, ({ path }) => ({ path, namespace: 'page' }))
          bundler.onLoad({ filter: /.*/, namespace: 'page' }, () => ({
            contents: `import * as all from ${JSON.stringify(packageName)}; console.log(all)`,
            resolveDir: fileURLToPath(new URL('.', import.meta.url)),
          }))
        },
      },
    ],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['carryon-source'],
    absWorkingDir: root,
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'error',
  })
  const loaded = loadedAtOnce(metafile)
  const parts = outputFiles.filter(({ path }) => [...loaded].some((name) => path.endsWith(name)))
  return { ...together(parts), all: together(outputFiles), sources: sourcesOf(metafile, loaded) }
}

function together(files: readonly OutputFile[]): ClientSize['all'] {
  return {
    minified: files.reduce((sum, { contents }) => sum + contents.byteLength, 0),
    gzip: files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).byteLength, 0),
  }
}

function sourcesOf({ outputs }: Metafile, loaded: ReadonlySet<string>): ReadonlyMap<string, number> {
  const sources = new Map<string, number>()
  for (const name of loaded) {
    for (const [path, { bytesInOutput }] of Object.entries(outputs[name]?.inputs ?? {})) {
      sources.set(path, (sources.get(path) ?? 0) + bytesInOutput)
    }
  }
  return sources
}

/** Output files that entries need from the start; those behind `import()` are not among them. */
function loadedAtOnce({ outputs }: Metafile): ReadonlySet<string> {
  const loaded = new Set<string>()
  const add = (name: string): void => {
    if (loaded.has(name)) return
    loaded.add(name)
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') add(path)
  }
  for (const name of Object.keys(outputs)) if (/(^|\/)(index|worker)\.js$/.test(name)) add(name)
  return loaded
}
