import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import type { ICruiseResult } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { root } from '../../scripts/workspace.mjs'

/** An import, types included, by one folder or file directly below a package's `src` or its `extensions`. */
export interface Import {
  /** `packages/client`. */
  readonly fromPackage: string
  /** `upload`, `extensions/tabs`, or `ports.ts`. */
  readonly from: string
  readonly toPackage: string
  readonly to: string
}

/** Published packages and their applications; code that only tests use is not restricted. */
const published = ['protocol', 'hash', 'object-store', 'client', 'server', 'view', 'vue', 'local-cos'].map(
  (name) => `packages/${name}/src`,
)
const sources = [...published, 'apps/web/src', 'apps/carryon/src']
const place = /^((?:packages|apps)\/[^/]+)\/src\/((?:extensions\/)?[^/]+)/

/** @returns each pair once. @throws Error if an import cannot be resolved */
export async function readImports(): Promise<readonly Import[]> {
  const config = join(root, 'tsconfig.json')
  const { output } = await cruise(
    sources,
    {
      baseDir: root,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: 'node_modules|/dist/|[.]test[.]ts$|/src/testing/' },
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['carryon-source', 'import', 'types'],
        extensions: ['.ts', '.js', '.vue'],
      },
      tsConfig: { fileName: config },
    },
    undefined,
    { tsConfig: extractTSConfig(config) },
  )
  const found = new Map<string, Import>()
  for (const { source, dependencies } of (output as ICruiseResult).modules) {
    for (const { resolved, module, couldNotResolve } of dependencies) {
      if (couldNotResolve) throw new Error(`${source} imports ${module}, which is nowhere.`)
      const [, fromPackage, from] = place.exec(source) ?? []
      const [, toPackage, to] = place.exec(resolved) ?? []
      if (fromPackage === undefined || from === undefined || toPackage === undefined || to === undefined)
        continue
      if (fromPackage === toPackage && from === to) continue
      found.set(`${fromPackage}/${from} ${toPackage}/${to}`, { fromPackage, from, toPackage, to })
    }
  }
  return [...found.values()]
}
