import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'

/** Saved index of a folder: the folder's stamp, and each file's name, stamp and entry. */
export interface SavedFolder<Entry> {
  readonly stamp: string
  readonly files: readonly (readonly [name: string, stamp: string, entry: Entry])[]
}

/** Files of another format are ignored: another version of the store wrote them. */
const format = 1

/*
 * The first line is the checksum of the rest, which is JSON. Nothing is fsynced: if a power failure left a damaged or
 * outdated file, its checksum or stamps reveal it, and the folder is read instead.
 */
const checksumLength = 8

export async function writeIndexFile<Entry>(
  path: string,
  folder: SavedFolder<Entry>,
  files: DurableFiles,
): Promise<void> {
  const json = Buffer.from(JSON.stringify({ format, ...folder }))
  await files.writeUnsynced(path, Buffer.concat([Buffer.from(`${checksumOf(json)}\n`), json]))
}

/** @returns `null` if the file is missing or cannot be trusted. */
export async function readIndexFile<Entry>(path: string): Promise<SavedFolder<Entry> | null> {
  let content: Buffer
  try {
    content = await readFile(path)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null
    throw error
  }
  const json = content.subarray(checksumLength + 1)
  if (content.toString('latin1', 0, checksumLength) !== checksumOf(json)) return null
  const folder = JSON.parse(json.toString()) as SavedFolder<Entry> & { readonly format: number }
  return folder.format === format ? folder : null
}

function checksumOf(json: Buffer): string {
  return crc32(json).toString(16).padStart(checksumLength, '0')
}
