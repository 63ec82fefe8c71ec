import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { stateAfter, transitions } from '../../packages/client/src/core/state.js'
import { root } from '../../scripts/workspace.mjs'
import { expectDrawn } from '../support/drawn.js'
import { importsInCircles } from './circles.js'
import { drawImports } from './import-table.js'
import { readImports, type Import } from './imports.js'
import { drawStates } from './state-diagram.js'

const page = 'docs/architecture.md'
const command = 'npx vitest run --project unit tests/structure'

/**
 * Folders and files of the client, from the lowest layer to the highest. No folder imports another of its own layer.
 */
const clientLayers: readonly (readonly string[])[] = [
  ['ports.ts', 'upload-types.ts'],
  ['core', 'duplicate-types.ts'],
  ['async', 'unfinished-types.ts'],
  ['memory'],
  ['backend', 'page-life.ts', 'store-connection.ts'],
  ['content', 'node', 'sts', 'workers'],
  ['transfer'],
  ['upload'],
  ['extensions/local-copies', 'extensions/resume-memory', 'extensions/tabs'],
  ['extensions/queue'],
  ['unfinished-list.ts', 'uploader-types.ts'],
  ['finished-list.ts'],
  ['lazy-code.ts', 'uploader-extensions.ts'],
  ['create-context.ts'],
  ['uploader.ts'],
  ['create-uploader.ts'],
  ['finished.ts', 'index.ts', 'node.ts', 'sts.ts'],
]

let imports: readonly Import[]
beforeAll(async () => {
  imports = await readImports()
}, 60_000)

test('no folder imports itself by way of others, types included', () => {
  const found = importsInCircles(imports).map(
    ({ fromPackage, from, to }) => `${fromPackage}: ${from} → ${to}`,
  )
  expect(found).toEqual([])
})

test('nothing that is published or run imports what only tests have', () => {
  const found = imports.filter(({ toPackage }) => toPackage === 'packages/testing')
  expect(found).toEqual([])
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

test('a folder of the client imports only what lies below it', () => {
  const rankOf = (name: string): number => clientLayers.findIndex((layer) => layer.includes(name))
  const inside = imports.filter(
    (one) => one.fromPackage === 'packages/client' && one.toPackage === one.fromPackage,
  )
  const upward = inside.filter(({ from, to }) => rankOf(from) <= rankOf(to))
  expect(upward.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  const placed = clientLayers.flat().toSorted()
  expect([...new Set(inside.flatMap(({ from, to }) => [from, to]))].toSorted()).toEqual(placed)
})

test('docs/architecture.md draws the imports as the code has them', () => {
  expectDrawn(page, 'imports', `\n${drawImports(imports)}\n\n`, command)
})

test('the guide to another framework has the example that is tested', () => {
  const example = readFileSync(join(root, 'tests/frameworks/react/uploads.tsx'), 'utf8')
  expectDrawn('docs/guides/add-a-framework.md', 'example', `\n\`\`\`tsx\n${example}\`\`\`\n\n`, command)
})

test('the guide to another language has the example that is tested', () => {
  const example = readFileSync(join(root, 'tests/frameworks/language/french.ts'), 'utf8')
  expectDrawn('docs/guides/add-a-language.md', 'example', `\n\`\`\`ts\n${example}\`\`\`\n\n`, command)
})

test('docs/architecture.md draws the states of an upload as the code has them', () => {
  expectDrawn(page, 'states', `\n\`\`\`mermaid\n${drawStates(transitions, stateAfter)}\n\`\`\`\n\n`, command)
})
