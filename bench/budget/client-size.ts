import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Metafile, OutputFile, Plugin } from 'esbuild'

/** Bytes of all scripts that a page loads before it can send its first byte. */
export interface ClientSize {
  readonly minified: number
  /** Compressed with gzip -9, each file separately. */
  readonly gzip: number
  /** The same two sizes, including scripts that may be loaded later. */
  readonly all: { readonly minified: number; readonly gzip: number }
  /** Minified bytes of each source file, by its path from the root of the repository. */
  readonly sources: ReadonlyMap<string, number>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A page that imports everything the package exports. */
const client = "import * as carryon from '@carryon/client'; console.log(carryon)"
const plainClient =
  "import { createUploaderWith } from '@carryon/client'; createUploaderWith({}, { backend: '/api' })"
/** The worker script, loaded in addition to the page's bundle. */
const worker = fileURLToPath(new URL('../../packages/client/src/workers/worker.ts', import.meta.url))

/**
 * Size of the client as a page's build produces it, including its worker.
 *
 * @param without source files to treat as empty, matched by their path from the root of the repository
 */
export function sizeOfClient(without?: RegExp): Promise<ClientSize> {
  return sizeOfPage(client, worker, without)
}

/** Size of a client without extensions, including its worker: the cost of only sending and verifying. */
export function sizeOfPlainClient(): Promise<ClientSize> {
  return sizeOfPage(plainClient, worker)
}

/**
 * Size of a page, bundled and minified by esbuild.
 *
 * @param code the page's script
 */
export async function sizeOfPage(code: string, worker?: string, without?: RegExp): Promise<ClientSize> {
  const { outputFiles, metafile } = await build({
    entryPoints: { index: 'page', ...(worker === undefined ? {} : { worker }) },
    plugins: [
      ...(without === undefined ? [] : [emptied(without)]),
      {
        name: 'page',
        setup(bundler) {
          bundler.onResolve({ filter: /^page$/ }, ({ path }) => ({ path, namespace: 'page' }))
          bundler.onLoad({ filter: /.*/, namespace: 'page' }, () => ({
            contents: code,
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

/** esbuild plugin that replaces every export of the given files by `null`. */
function emptied(files: RegExp): Plugin {
  return {
    name: 'emptied',
    setup(bundler) {
      bundler.onLoad({ filter: /\.[jt]s$/ }, async ({ path }) => {
        if (!files.test(relative(root, path))) return null
        const code = await readFile(path, 'utf8')
        const names = code.matchAll(/^export (?:async )?(?:class|const|function) (\w+)/gm)
        return { contents: [...names].map(([, name]) => `export const ${name} = null`).join('\n') }
      })
    },
  }
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

/** Output files that the entry points import statically, without those behind `import()`. */
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
