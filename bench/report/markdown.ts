import type { Section, Table } from './section.js'

/** Renders the generated part of docs/performance.md. */
export function markdownOf(sections: readonly Section[]): string {
  return sections.map(sectionText).join('\n')
}

/** Path of a section's chart, relative to docs/performance.md. */
export function chartPath({ name }: Section): string {
  return `performance/${name}.svg`
}

function sectionText(section: Section): string {
  const { title, description, chart, tables, notes, machine, mode, at } = section
  const packages = Object.entries(machine.packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
  return [
    `### ${title}`,
    '',
    description,
    '',
    ...(chart === null ? [] : [`![${chart.title}](${chartPath(section)})`, '']),
    ...tables.flatMap((table) => [tableText(table), '']),
    ...notes.map((note) => `- ${note}`),
    ...(notes.length === 0 ? [] : ['']),
    `<sub>${mode} run, ${at.slice(0, 16).replace('T', ' ')} UTC; ${machine.cpu}, ${machine.cores} cores, load ${machine.load} before; ${machine.system}; Chromium ${machine.chromium}, Node ${machine.node}; ${packages}.</sub>`,
    '',
  ].join('\n')
}

function tableText({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    line(columns),
    line(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n')
}
