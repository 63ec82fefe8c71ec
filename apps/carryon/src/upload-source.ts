import { constants, createReadStream, open as openNumber } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { FileSource } from '@carryon/client'
import { UploadError } from '@carryon/client'
import { holdsBytes, nodeFile, spooledFile } from '@carryon/client/node'
import mime from 'mime'

/** A file to upload, and a function that releases its resources afterwards. */
export interface UploadSource {
  readonly file: FileSource
  release(): Promise<void>
}

/** Names of this process's standard input. */
const stdinNames: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'])

/**
 * Opens `path` for uploading. A regular file is read in place. A pipe, standard input (`-`) and a file that the system
 * generates on reading (`/proc`) are copied to a temporary file first. Everything else is refused.
 *
 * @param name name under which the file is stored; default: the last part of the path
 * @throws UploadError `file-unreadable`, with a message for the user
 */
export async function openSource(
  path: string,
  name: string | undefined,
  { say, stop }: { readonly say: (line: string) => void; readonly stop: AbortSignal },
): Promise<UploadSource> {
  if (stdinNames.has(path)) return fromStdin(path, name, stop)
  const found = await stat(path).catch((error: unknown) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = missing ? 'there is no such file' : error instanceof Error ? error.message : String(error)
    throw new UploadError('file-unreadable', reason, { cause: error })
  })
  const options = typed(name ?? basename(path))
  if (found.isDirectory()) throw unreadable('it is a folder; name the files in it, or pack it first')
  if (found.isFIFO()) {
    say(`${path}: reading the pipe to its end`)
    return spooled(await openPipe(path), options, stop)
  }
  if (!found.isFile()) throw unreadable('it is a device or a socket, and no file')
  if (found.size === 0 && (await holdsBytes(path).catch(() => false))) {
    return spooled(createReadStream(path), options, stop)
  }
  return { file: await nodeFile(path, options), release: async () => undefined }
}

/**
 * Opens a pipe in non-blocking mode. A blocking open would occupy a thread until a writer appears; that thread cannot be
 * stopped, and the process waits for it on exit.
 */
async function openPipe(path: string): Promise<Readable> {
  // A file descriptor instead of a FileHandle, because the socket closes it.
  const open = promisify(openNumber)
  return new Socket({
    fd: await open(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  })
}

async function fromStdin(path: string, name: string | undefined, stop: AbortSignal): Promise<UploadSource> {
  if (process.stdin.isTTY) {
    throw unreadable(
      `"${path}" is this terminal; pipe something in, such as: tar -c folder | carryon upload -`,
    )
  }
  return spooled(process.stdin, typed(name ?? 'stdin'), stop)
}

async function spooled(
  stream: Readable,
  options: { readonly name: string; readonly type: string },
  signal: AbortSignal,
): Promise<UploadSource> {
  const copy = await spooledFile(stream, { ...options, signal })
  return { file: copy.file, release: () => copy.remove() }
}

/** Adds the media type that a browser would derive from the name's extension. */
function typed(name: string): { readonly name: string; readonly type: string } {
  return { name, type: mime.getType(name) ?? '' }
}

function unreadable(reason: string): UploadError {
  return new UploadError('file-unreadable', reason)
}
