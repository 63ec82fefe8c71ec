import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from '../../../scripts/workspace.mjs'

const page = join(root, 'docs/reliability.md')

/** Results of one measurement, for a person to read. */
export interface Finding {
  /** The first row names the columns; the first column names the row. */
  readonly table: readonly (readonly string[])[]
  /** Sentences below the table. */
  readonly notes: readonly string[]
  /** Command that repeats the measurement. */
  readonly command: string
  /** Requirements that were not met. */
  readonly failures: readonly string[]
}

/** A measurement; takes minutes. @param seed determines everything that is random */
export type Measure = (seed: number) => Promise<Finding>

/** Writes a finding between the markers `<!-- <name>: … -->` and `<!-- end of <name> -->` of docs/reliability.md. */
export async function writeFinding(name: string, finding: Finding, environment: string): Promise<void> {
  const text = await readFile(page, 'utf8')
  const begin = new RegExp(`<!-- ${name}: [^>]*-->`).exec(text)
  const end = text.indexOf(`<!-- end of ${name} -->`)
  if (begin === null || end < begin.index) throw new Error(`docs/reliability.md has no place for ${name}`)
  const head = text.slice(0, begin.index + begin[0].length)
  const written = `${head}\n\n${markdownOf(finding, environment)}\n\n${text.slice(end)}`
  const options = (await resolveConfig(page)) ?? {}
  await writeFile(page, await format(written, { ...options, parser: 'markdown' }))
}

function markdownOf({ table, notes, command }: Finding, environment: string): string {
  const [columns = [], ...rows] = table
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns),
    line(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(line),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
    `<sub>\`${command}\`, ${environment}.</sub>`,
  ].join('\n')
}
