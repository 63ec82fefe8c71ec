import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { root } from '../../scripts/workspace.mjs'
import { importsInCircles } from './circles.js'
import { drawImports } from './drawing.js'
import { readImports, type Import } from './imports.js'
import { knownCircles } from './known-circles.js'

const page = join(root, 'docs/architecture.md')
const command = 'CARRYON_DRAW=1 npx vitest run --project unit tests/structure'
const marked = /(?<=<!-- imports: [^\n]*-->\n)[\s\S]*?(?=<!-- end of imports -->)/

let imports: readonly Import[]
beforeAll(async () => {
  imports = await readImports()
}, 60_000)

test('no folder imports itself by way of others, but for those that are known to', () => {
  const found = importsInCircles(imports).map(
    ({ fromPackage, from, to }) => `${fromPackage}: ${from} → ${to}`,
  )
  // A circle that is gone leaves the list as well, so that it never comes back.
  expect(found.toSorted()).toEqual([...knownCircles].toSorted())
})

test('a circle is found, however long, and what only leads into it is none', () => {
  const one = (from: string, to: string): Import => ({
    fromPackage: 'packages/a',
    toPackage: 'packages/a',
    from,
    to,
  })
  const circle = [one('x', 'y'), one('y', 'z'), one('z', 'x')]
  expect(importsInCircles([one('index.ts', 'x'), ...circle, one('z', 'lib')])).toEqual(circle)
})

test('docs/architecture.md draws the imports as the code has them', () => {
  const drawing = `\n${drawImports(imports)}\n\n`
  const text = readFileSync(page, 'utf8')
  if (process.env['CARRYON_DRAW'] !== undefined)
    writeFileSync(
      page,
      text.replace(marked, () => drawing),
    )
  expect(marked.exec(readFileSync(page, 'utf8'))?.[0], `Draw them anew: ${command}`).toBe(drawing)
})
