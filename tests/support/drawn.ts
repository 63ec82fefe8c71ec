import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../../scripts/workspace.mjs'

/**
 * Expects a document to have `drawing` between its marks `<!-- name: … -->` and `<!-- end of name -->`. With the
 * environment variable `CARRYON_DRAW` it is put there first.
 *
 * @param path of the document, from the root of the repository
 * @param command that draws it anew
 */
export function expectDrawn(path: string, name: string, drawing: string, command: string): void {
  const document = join(root, path)
  const marked = new RegExp(`(?<=<!-- ${name}: [^\\n]*-->\\n)[\\s\\S]*?(?=<!-- end of ${name} -->)`)
  if (process.env['CARRYON_DRAW'] !== undefined)
    writeFileSync(
      document,
      readFileSync(document, 'utf8').replace(marked, () => drawing),
    )
  expect(
    marked.exec(readFileSync(document, 'utf8'))?.[0],
    `${path} is old. Draw it anew: CARRYON_DRAW=1 ${command}`,
  ).toBe(drawing)
}
