import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { format } from 'prettier'
import { barChart } from './bar-chart.js'
import { chartPath, markdownOf } from './markdown.js'
import type { Section } from './section.js'

const docs = new URL('../../docs/', import.meta.url)
const results = new URL('performance/results.json', docs)
const page = new URL('performance.md', docs)

const begin = '<!-- results: written by `npm run bench`, do not edit below -->'
const end = '<!-- end of results -->'

/**
 * Writes sections into docs/performance.md, in the order of `names`. Newly measured sections replace those of the same
 * name; the others stay unchanged.
 */
export async function writeReport(measured: readonly Section[], names: readonly string[]): Promise<void> {
  const fresh = new Map(measured.map((section) => [section.name, section]))
  const before = new Map((await readSections()).map((section) => [section.name, section]))
  const sections = names.flatMap((name) => fresh.get(name) ?? before.get(name) ?? [])

  await mkdir(new URL('performance/', docs), { recursive: true })
  await writeFile(results, await format(JSON.stringify(sections), { parser: 'json', printWidth: 110 }))
  for (const section of measured) {
    if (section.chart !== null) await writeFile(new URL(chartPath(section), docs), barChart(section.chart))
  }
  const text = await readFile(page, 'utf8')
  const [head, tail] = [text.indexOf(begin), text.indexOf(end)]
  if (head < 0 || tail < head) throw new Error(`docs/performance.md lacks its markers:\n${begin}\n${end}`)
  await writeFile(page, `${text.slice(0, head)}${begin}\n\n${markdownOf(sections)}\n${text.slice(tail)}`)
}

async function readSections(): Promise<readonly Section[]> {
  try {
    return JSON.parse(await readFile(results, 'utf8')) as readonly Section[]
  } catch {
    return []
  }
}
