import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/** Folders to skip: they contain no documents of ours. */
const left = new Set(['node_modules', 'dist', 'data', 'output', 'reference', '.git'])

/** @returns absolute paths of all Markdown files below `folder` */
export async function findDocuments(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (left.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await findDocuments(path)))
    else if (entry.name.endsWith('.md')) found.push(path)
  }
  return found
}

/** @returns relative links of a document whose file, folder or heading does not exist, as `document: link` */
export function brokenLinks(document: string, root: string): readonly string[] {
  return linksOf(readFileSync(document, 'utf8'))
    .filter((link) => !resolves(document, link))
    .map((link) => `${relative(root, document)}: ${link}`)
}

/** @returns targets of links and images that are not URLs; code is ignored */
export function linksOf(markdown: string): readonly string[] {
  const prose = withoutFences(markdown).replaceAll(/`[^`\n]*`/g, '')
  const targets = [
    ...[...prose.matchAll(/\]\(\s*<?([^)\s>]+)/g)].map((match) => match[1] ?? ''),
    ...[...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map((match) => match[1] ?? ''),
  ]
  return targets.filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
}

/** @returns the anchors GitHub generates for a document's headings */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading] of withoutFences(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = slugOf(heading ?? '')
    let anchor = slug
    for (let repeated = 1; anchors.has(anchor); repeated++) anchor = `${slug}-${repeated}`
    anchors.add(anchor)
  }
  return anchors
}

function resolves(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? document : join(dirname(document), decodeURIComponent(path))
  if (!existsSync(target)) return false
  if (anchor === undefined || !target.endsWith('.md')) return true
  return anchorsOf(readFileSync(target, 'utf8')).has(decodeURIComponent(anchor))
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-')
}

function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^( *)(`{3,}|~{3,})[\s\S]*?^\1\2[ \t]*$/gm, '')
}
