import type { Import } from './imports.js'

/** Draws packages and their folders as Markdown: which imports which. */
export function drawImports(imports: readonly Import[]): string {
  const between = imports.filter(({ fromPackage, toPackage }) => fromPackage !== toPackage)
  const arrows = sorted(
    between.map(({ fromPackage, toPackage }) => `  ${node(fromPackage)} --> ${node(toPackage)}`),
  )
  const inside = imports.filter((one) => one.fromPackage === one.toPackage && isFolder(one.from))
  const rows = sorted(inside.map(({ fromPackage, from }) => `${fromPackage}/src/${from}`)).map((folder) => {
    const of = inside.filter(({ fromPackage, from }) => `${fromPackage}/src/${from}` === folder)
    const names = sorted(of.map(({ to }) => to))
    return `| ${folder} | ${names.join(', ')} |`
  })
  return [
    '```mermaid',
    'flowchart LR',
    ...arrows,
    '```',
    '',
    '| folder | imports |',
    '| --- | --- |',
    ...rows,
  ].join('\n')
}

function node(folder: string): string {
  return folder.replace(/^.*\//, '')
}

function isFolder(name: string): boolean {
  return !name.includes('.')
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted((a, b) => a.localeCompare(b, 'en'))
}
