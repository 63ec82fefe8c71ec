import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Metafile } from 'esbuild'
import { figure } from '../report/bar-chart.js'
import type { Workload } from './workload.js'

interface Size {
  readonly label: string
  /** Bytes. */
  readonly minified: number
  readonly gzip: number
}

/** What a page must load before it can upload. */
export const clientSize: Workload = {
  name: 'client-size',
  title: 'Size of the client',
  inShort: true,
  description: () =>
    'Bundled and minified by esbuild, then gzip -9: every script that a page loads before its first byte can go out, workers and hashing among them.',
  async measure() {
    const worker = fileURLToPath(new URL('../../packages/client/src/worker.ts', import.meta.url))
    const sizes = [
      await sizeOf('Carryon, with worker and hashing', {
        index: `export { createUploader } from '@carryon/client'`,
        worker: `import ${JSON.stringify(worker)}`,
      }),
      await sizeOf('cos-js-sdk-v5', { index: `export { default } from 'cos-js-sdk-v5'` }),
    ]
    return {
      tables: [
        {
          columns: ['', 'KB, minified', 'KB, gzip'],
          rows: sizes.map(({ label, minified, gzip }) => [
            label,
            figure(minified / 1000),
            figure(gzip / 1000),
          ]),
        },
      ],
      chart: {
        title: 'Size of the client',
        unit: 'KB, gzip',
        bars: sizes.map(({ label, gzip }) => ({
          label,
          median: gzip / 1000,
          min: gzip / 1000,
          max: gzip / 1000,
        })),
      },
      notes: [],
      runs: [],
    }
  },
}

/** @param entries modules in source, by name */
export async function sizeOf(label: string, entries: Readonly<Record<string, string>>): Promise<Size> {
  const { outputFiles, metafile } = await build({
    entryPoints: Object.fromEntries(Object.keys(entries).map((name) => [name, `entry:${name}`])),
    plugins: [
      {
        name: 'entries',
        setup(bundler) {
          bundler.onResolve({ filter: /^entry:/ }, ({ path }) => ({
            path: path.slice(6),
            namespace: 'entry',
          }))
          bundler.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
            contents: entries[path] ?? '',
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
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'error',
  })
  const loaded = loadedAtOnce(metafile)
  const parts = outputFiles.filter(({ path }) => [...loaded].some((name) => path.endsWith(name)))
  return {
    label,
    minified: parts.reduce((sum, { contents }) => sum + contents.byteLength, 0),
    gzip: parts.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).byteLength, 0),
  }
}

/** Output files that entries need from the start; those behind `import()` are not among them. */
function loadedAtOnce({ outputs }: Metafile): ReadonlySet<string> {
  const loaded = new Set<string>()
  const add = (name: string): void => {
    if (loaded.has(name)) return
    loaded.add(name)
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') add(path)
  }
  for (const [name, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint?.startsWith('entry:') === true) add(name)
  }
  return loaded
}
