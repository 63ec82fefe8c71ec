import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../../scripts/workspace.mjs'

/**
 * Expects the part of a document between the marks `<!-- name: … -->` and `<!-- end of name -->` to equal `drawing`.
 * If the environment variable `CARRYON_DRAW` is set, writes it there first.
 *
 * @param path path of the document from the repository root
 * @param command command that regenerates the drawing
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
