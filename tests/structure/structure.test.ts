import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { transitions } from '../../packages/client/src/core/state.js'
import { root } from '../../scripts/workspace.mjs'
import { expectDrawn } from '../support/drawn.js'
import { importsInCircles } from './circles.js'
import { drawImports } from './import-table.js'
import { readImports, type Import } from './imports.js'
import { knownCircles } from './known-circles.js'
import { drawStates } from './state-diagram.js'

const page = 'docs/architecture.md'
const command = 'npx vitest run --project unit tests/structure'

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
  expectDrawn(page, 'imports', `\n${drawImports(imports)}\n\n`, command)
})

test('the guide to another framework has the example that is tested', () => {
  const example = readFileSync(join(root, 'tests/frameworks/react/uploads.tsx'), 'utf8')
  expectDrawn('docs/guides/add-a-framework.md', 'example', `\n\`\`\`tsx\n${example}\`\`\`\n\n`, command)
})

test('docs/architecture.md draws the states of an upload as the code has them', () => {
  expectDrawn(page, 'states', `\n\`\`\`mermaid\n${drawStates(transitions)}\n\`\`\`\n\n`, command)
})
