import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { transitions } from '../core/state.js'
import { drawStates } from '../testing/state-drawing.js'

const page = fileURLToPath(new URL('../../../../docs/architecture.md', import.meta.url))
const command = 'CARRYON_DRAW=1 npx vitest run --project unit packages/client/src/core/state-drawing'
const marked = /(?<=<!-- states: [^\n]*-->\n)[\s\S]*?(?=<!-- end of states -->)/

test('docs/architecture.md draws the states as the code has them', () => {
  const drawing = `\n\`\`\`mermaid\n${drawStates(transitions)}\n\`\`\`\n\n`
  const text = readFileSync(page, 'utf8')
  if (process.env['CARRYON_DRAW'] !== undefined)
    writeFileSync(
      page,
      text.replace(marked, () => drawing),
    )
  expect(marked.exec(readFileSync(page, 'utf8'))?.[0], `Draw them anew: ${command}`).toBe(drawing)
})
