import { expect, it, vi } from 'vitest'
import { droppedFiles } from './dropped-files.js'
import { folderOf } from './folder-path.js'

/** The file handles that the client received. */
const noted = vi.hoisted(() => new WeakMap<File, FileSystemHandle>())
vi.mock(import('@carryon/client'), async (original) => ({
  ...(await original()),
  noteHandle: (file, handle) => {
    noted.set(file, handle)
    return file
  },
}))

/** A folder tree as a drop provides it; `null` is an entry that cannot be read. */
interface Tree {
  readonly [name: string]: Tree | 'file' | null
}

function entry(name: string, content: Tree | 'file' | null): unknown {
  if (content === 'file' || content === null) {
    const file = (resolve: (file: File) => void, reject: (error: Error) => void) => {
      if (content === null) reject(new Error('NotFoundError'))
      else resolve(new File([], name))
    }
    return { name, isFile: true, isDirectory: false, file }
  }
  // Returned one by one, to check that everything is read.
  const left = Object.entries(content).map(([child, inside]) => entry(child, inside))
  const readEntries = (resolve: (batch: unknown[]) => void) => resolve(left.splice(0, 1))
  return { name, isFile: false, isDirectory: true, createReader: () => ({ readEntries }) }
}

function transfer(tree: Tree): Parameters<typeof droppedFiles>[0] {
  const names = Object.keys(tree)
  const dropped: unknown = {
    files: names.map((name) => new File([], name)),
    items: names.map((name) => ({ webkitGetAsEntry: () => entry(name, tree[name] ?? null) })),
  }
  return dropped as Parameters<typeof droppedFiles>[0]
}

const names = (files: readonly File[]) => files.map(({ name }) => name)

it('takes plain files as they are', async () => {
  const { files } = await droppedFiles(transfer({ 'a.txt': 'file', 'b.txt': 'file' }))
  expect(names(files)).toEqual(['a.txt', 'b.txt'])
})

it('takes what is inside folders, at any depth', async () => {
  const tree = {
    'a.txt': 'file',
    photos: { '1.jpg': 'file', more: { '2.jpg': 'file', '3.jpg': 'file' } },
  } as const
  expect(names((await droppedFiles(transfer(tree))).files)).toEqual(['a.txt', '1.jpg', '2.jpg', '3.jpg'])
})

it('keeps where each was in its folder, and says how many were found', async () => {
  const counts: number[] = []
  const tree = { photos: { '1.jpg': 'file', more: { '2.jpg': 'file', '3.jpg': 'file' } } } as const
  const { files } = await droppedFiles(transfer(tree), (count) => counts.push(count))
  expect(files.map(({ webkitRelativePath }) => webkitRelativePath)).toEqual([
    'photos/1.jpg',
    'photos/more/2.jpg',
    'photos/more/3.jpg',
  ])
  expect(files.map(folderOf)).toEqual(['photos', 'photos/more', 'photos/more'])
  expect(counts).toEqual([1, 3])
  const [alone] = (await droppedFiles(transfer({ 'a.txt': 'file' }))).files
  expect(alone && folderOf(alone)).toBe('')
})

it('reads a drop with handles as one without', async () => {
  const handle = { kind: 'file', name: 'a.txt' }
  const plain = transfer({ 'a.txt': 'file', 'b.txt': 'file' })
  const items = Array.from(plain.items, (item, index) =>
    Object.assign(item, {
      getAsFileSystemHandle: async () => {
        if (index === 1) throw new DOMException('Not this one.', 'NotAllowedError')
        return handle
      },
    }),
  )
  const dropped: unknown = { files: plain.files, items }
  const { files } = await droppedFiles(dropped as Parameters<typeof droppedFiles>[0])
  expect(names(files)).toEqual(['a.txt', 'b.txt'])
})

it('names what cannot be read, and takes the rest', async () => {
  const { files, leftOut } = await droppedFiles(transfer({ photos: { gone: null, '1.jpg': 'file' } }))
  expect(names(files)).toEqual(['1.jpg'])
  expect(leftOut).toEqual([{ name: 'gone', why: 'unreadable' }])
})

it('says of a folder that there is no file in it', async () => {
  const { files, leftOut } = await droppedFiles(
    transfer({ 'a.txt': 'file', new: { inside: {} }, photos: { '1.jpg': 'file', raw: {} } }),
  )
  expect(names(files)).toEqual(['a.txt', '1.jpg'])
  expect(leftOut).toEqual([{ name: 'new', why: 'empty-folder' }])
})

it('remembers the handle of each file in a folder, and of those beside it', async () => {
  const fileHandle = (name: string) => ({ kind: 'file', name, getFile: async () => new File(['1'], name) })
  const folderHandle = (name: string, children: readonly unknown[]): unknown => ({
    kind: 'directory',
    name,
    async *values() {
      yield* children
    },
  })
  const inside = [fileHandle('1.jpg'), folderHandle('more', [fileHandle('2.jpg')])]
  const handles = [folderHandle('photos', inside), fileHandle('a.txt'), folderHandle('new', [])]
  const plain = transfer({ photos: { '1.jpg': 'file' }, 'a.txt': 'file', new: {} })
  const items = Array.from(plain.items, (item, index) =>
    Object.assign(item, { getAsFileSystemHandle: async () => handles[index] }),
  )
  const dropped: unknown = { files: plain.files, items }
  const { files, leftOut } = await droppedFiles(dropped as Parameters<typeof droppedFiles>[0])
  expect(files.map(({ webkitRelativePath, name }) => webkitRelativePath || name)).toEqual([
    'photos/1.jpg',
    'photos/more/2.jpg',
    'a.txt',
  ])
  expect(files.map((file) => noted.get(file)?.name)).toEqual(['1.jpg', '2.jpg', 'a.txt'])
  expect(leftOut).toEqual([{ name: 'new', why: 'empty-folder' }])
})
