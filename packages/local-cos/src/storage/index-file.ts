import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { systemErrorCode } from '../errors.js'
import type { DurableFiles } from './durable-files.js'

/** What was known of a folder of files: its stamp, and of each file its name, its stamp and its entry. */
export interface SavedFolder<Entry> {
  readonly stamp: string
  readonly files: readonly (readonly [name: string, stamp: string, entry: Entry])[]
}

/** Another one is not read: it was written by another version of the store. */
const format = 1

/*
 * The first line is the checksum of the rest, which is JSON. Nothing is fsynced: a file that a power cut left damaged
 * or old is told by its checksum or its stamps, and then the folder is read instead.
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

/** @returns `null` when there is none, or none that can be believed. */
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
