import type { Crc64Part, Crc64Type } from '@carryon/hash'
import type { BlockStore } from './copy-storage.js'
import { blocksFolder, dropFormer, rootFolder } from '../../workers/private-file.js'

/** Milliseconds between attempts to remove a folder. */
const unlockTime = 200

/** Copies a slice to a file of a folder, in a worker; resolves with the CRC-64 of each grain. */
export type CopyBlock = (
  folder: string,
  name: string,
  slice: Blob,
  crc64Type: Crc64Type,
  grain: number,
  signal: AbortSignal,
) => Promise<readonly Crc64Part[]>

/** Stores blocks in the origin private file system: a folder per file, with a file per block. */
export function privateFileBlocks(copy: CopyBlock): BlockStore {
  return {
    write: (identity, index, slice, crc64Type, grain, signal) =>
      copy(folderOf(identity), String(index), slice, crc64Type, grain, signal),
    async indexes(identity) {
      const names: number[] = []
      for await (const [name] of entriesOf(await existing(identity))) names.push(Number(name))
      return new Set(names)
    },
    async open(identity) {
      const files = new Map<number, Blob>()
      for await (const [name, handle] of entriesOf(await existing(identity))) {
        if (isFile(handle)) files.set(Number(name), await handle.getFile())
      }
      return files
    },
    join: (slices) => new Blob([...slices]),
    async free(identity, index) {
      const folder = await existing(identity)
      await folder?.removeEntry(String(index)).catch(unlessMissing)
    },
    async drop(identity) {
      await dropFolder(folderOf(identity))
    },
    async retainOnly(wanted) {
      await dropFormer().catch(unlessMissing)
      const strange = new Set<string>()
      for await (const [name] of entriesOf(await rootFolder(false).catch(unlessMissing))) strange.add(name)
      for (const identity of await wanted()) strange.delete(folderOf(identity))
      for (const name of strange) await dropFolder(name)
    },
  }
}

/** File names must not contain colons. */
function folderOf(identity: string): string {
  return identity.replaceAll(':', '-')
}

function existing(identity: string): Promise<FileSystemDirectoryHandle | undefined> {
  return blocksFolder(folderOf(identity), false).catch(unlessMissing)
}

async function dropFolder(name: string, attempts = 5): Promise<void> {
  const root = await rootFolder(false).catch(unlessMissing)
  try {
    await root?.removeEntry(name, { recursive: true }).catch(unlessMissing)
  } catch (error) {
    // The worker may still be closing a block.
    if (attempts === 1) throw error
    await new Promise((resolve) => setTimeout(resolve, unlockTime))
    await dropFolder(name, attempts - 1)
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof DOMException && error.name === 'NotFoundError') return undefined
  throw error
}

/** TypeScript's DOM library lacks the iterator. */
async function* entriesOf(
  folder: FileSystemDirectoryHandle | undefined,
): AsyncGenerator<readonly [string, FileSystemHandle]> {
  if (folder === undefined) return
  const iterable = folder as unknown as AsyncIterable<readonly [string, FileSystemHandle]>
  for await (const entry of iterable) yield entry
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file'
}
