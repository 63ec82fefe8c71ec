import { expect, it } from 'vitest'
import { canPickFolders, openFolderDialog } from './pick-folder.js'

/** A folder as a dialog provides it; `null` is an entry that cannot be read. */
interface Tree {
  readonly [name: string]: Tree | string | null
}

function handleOf(name: string, content: Tree | string | null): unknown {
  if (content === null || typeof content === 'string') {
    const getFile = async () => {
      if (content === null) throw new DOMException('It is gone.', 'NotFoundError')
      return new File([content], name)
    }
    return { kind: 'file', name, getFile }
  }
  async function* values() {
    for (const [child, inside] of Object.entries(content as Tree)) yield handleOf(child, inside)
  }
  return { kind: 'directory', name, values }
}

const pick = (name: string, tree: Tree, found?: (count: number) => void) =>
  openFolderDialog(null, found, {
    showDirectoryPicker: async () => handleOf(name, tree) as FileSystemDirectoryHandle,
  })

it('answers every file at any depth with its path, and names what cannot be read', async () => {
  const counts: number[] = []
  const tree = { 'a.mp4': 'a', gone: null, day: { 'b.mp4': 'b', empty: {} } }
  const brought = await pick('films', tree, (count) => counts.push(count))
  expect(brought?.files.map(({ webkitRelativePath }) => webkitRelativePath)).toEqual([
    'films/a.mp4',
    'films/day/b.mp4',
  ])
  expect(brought?.leftOut).toEqual([{ name: 'gone', why: 'unreadable' }])
  expect(counts.at(-1)).toBe(2)
})

it('says of a folder without files that it is empty', async () => {
  expect(await pick('films', { day: {} })).toEqual({
    files: [],
    leftOut: [{ name: 'films', why: 'empty-folder' }],
  })
})

it('asks the input where there is no such dialog, or it is kept shut', async () => {
  let clicks = 0
  const input = { click: () => void (clicks += 1) } as unknown as HTMLInputElement
  expect(await openFolderDialog(input, undefined, {})).toBeNull()
  const showDirectoryPicker = async () => {
    throw new DOMException('Blocked by policy.', 'SecurityError')
  }
  expect(await openFolderDialog(input, undefined, { showDirectoryPicker })).toBeNull()
  expect(clicks).toBe(2)
})

it('is not offered where no browser interface picks folders', () => {
  expect(canPickFolders({} as typeof globalThis)).toBe(false)
  const page = { HTMLInputElement: { prototype: { webkitdirectory: false } } }
  expect(canPickFolders(page as unknown as typeof globalThis)).toBe(true)
})

it('says how far it is while a folder of many files is read', async () => {
  const counts: number[] = []
  const many = Object.fromEntries(Array.from({ length: 450 }, (_, index) => [`${index}.jpg`, 'a']))
  await pick('photos', many, (count) => counts.push(count))
  expect(counts).toEqual([0, 200, 400, 450])
})
