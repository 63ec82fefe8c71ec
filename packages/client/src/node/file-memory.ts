import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { volatileMemory } from '../memory/resume-memory.js'
import type { RememberedHead, RememberedPart, ResumeMemory } from '../ports.js'

/** One line of the file: an event, in order. */
type Line =
  | { readonly begin: RememberedHead }
  | { readonly part: RememberedPart; readonly identity: string; readonly id: string }
  | { readonly delete: string }

/**
 * A resume memory in a file of JSON lines, for Node. A part costs one appended line; obsolete lines are removed the
 * next time the file is opened. A line that a crash truncated is skipped. If several processes share one file, each
 * may lose lines that another wrote meanwhile; this only costs time.
 *
 * @param path created when missing, with its folder
 */
export function fileMemory(path: string): ResumeMemory {
  let opened: Promise<ResumeMemory> | undefined
  let writing: Promise<unknown> = Promise.resolve()
  const memory = (): Promise<ResumeMemory> => (opened ??= open(path))
  const record = async (line: Line): Promise<void> => {
    await apply(await memory(), line)
    // Writes are sequential, because lines must not mix.
    const write = writing.then(() => appendFile(path, `${JSON.stringify(line)}\n`))
    writing = write.catch(() => undefined)
    await write
  }
  return {
    get: async (identity) => (await memory()).get(identity),
    all: async () => (await memory()).all(),
    begin: (begin) => record({ begin }),
    addPart: (identity, id, part) => record({ part, identity, id }),
    delete: (identity) => record({ delete: identity }),
  }
}

async function open(path: string): Promise<ResumeMemory> {
  const memory = volatileMemory()
  await mkdir(dirname(path), { recursive: true })
  const text = await readFile(path, 'utf8').catch(() => '')
  for (const line of text.split('\n')) {
    const parsed = parse(line)
    if (parsed !== null) await apply(memory, parsed)
  }
  await compact(path, memory)
  return memory
}

/** Writes a new file and renames it, so that a crash leaves either the old or the new one. */
async function compact(path: string, memory: ResumeMemory): Promise<void> {
  const lines: Line[] = []
  for (const { parts, ...begin } of await memory.all()) {
    lines.push({ begin }, ...parts.map((part) => ({ part, identity: begin.identity, id: begin.id })))
  }
  const draft = `${path}.${process.pid}.new`
  await writeFile(draft, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  await rename(draft, path)
}

async function apply(memory: ResumeMemory, line: Line): Promise<void> {
  if ('begin' in line) await memory.begin(line.begin)
  else if ('part' in line) await memory.addPart(line.identity, line.id, line.part)
  else await memory.delete(line.delete)
}

function parse(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text)
    const known =
      typeof value === 'object' && value !== null && ['begin', 'part', 'delete'].some((key) => key in value)
    return known ? (value as Line) : null
  } catch {
    return null
  }
}
