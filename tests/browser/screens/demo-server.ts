import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { preview } from 'vite'

const demo = fileURLToPath(new URL('../../../apps/web/demo/', import.meta.url))

const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js')

export interface DemoServer {
  /** Address of one scene of apps/web/demo/scenes.ts. */
  address(scene: string): string
  close(): Promise<void>
}

/** Builds the page on a fake uploader into its own folder and serves it on a free port. */
export async function startDemo(): Promise<DemoServer> {
  const outDir = await mkdtemp(join(tmpdir(), 'carryon-demo-'))
  const configFile = join(demo, 'vite.config.ts')
  // In a separate process: Vue's compiler does not run inside Vitest's module loader.
  await promisify(execFile)(process.execPath, [
    vite,
    'build',
    ...['--config', configFile, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
    demo,
  ])
  const server = await preview({
    configFile,
    logLevel: 'warn',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, proxy: {} },
  })
  const origin = server.resolvedUrls?.local[0]
  if (origin === undefined) throw new Error('The preview server has no address.')
  return {
    address: (scene) => new URL(`#${scene}`, origin).href,
    close: async () => {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
