import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../../scripts/workspace.mjs'

/** Output of test runs, for inspection; not in version control. */
export const outputFolder = join(root, 'tests/output')

/** Prints the figures of a run and writes them to `tests/output/<name>.json`. */
export async function report(name: string, figures: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(outputFolder, { recursive: true })
  await writeFile(join(outputFolder, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`)
  console.log(`${name}: ${JSON.stringify(figures)}`)
}
