import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../../../scripts/workspace.mjs'
import { makeScratchFolder } from './scratch-folder.js'

/** A page's files by path. */
export type PageFiles = ReadonlyMap<string, { readonly type: string; readonly body: string | Uint8Array }>

const script = 'text/javascript; charset=utf-8'

/**
 * Bundles a page's script like an application's build, together with the client's worker.
 *
 * @param body HTML of the page's body before its script
 */
export async function bundlePage(body: string, source: string): Promise<PageFiles> {
  const folder = await makeScratchFolder('page')
  try {
    await build({
      stdin: { contents: source, resolveDir: join(root, 'tests'), loader: 'js', sourcefile: 'upload.js' },
      outfile: join(folder.path, 'upload.js'),
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      conditions: ['carryon-source'],
      logLevel: 'error',
    })
    await build({
      entryPoints: [join(root, 'packages/client/src/workers/worker.ts')],
      outfile: join(folder.path, 'worker.js'),
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      conditions: ['carryon-source'],
      logLevel: 'error',
    })
    const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${body}<script type="module" src="/upload.js"></script>`
    return new Map([
      ['/', { type: 'text/html; charset=utf-8', body: page }],
      ['/upload.js', { type: script, body: await readFile(join(folder.path, 'upload.js')) }],
      ['/worker.js', { type: script, body: await readFile(join(folder.path, 'worker.js')) }],
    ])
  } finally {
    await folder.remove()
  }
}
