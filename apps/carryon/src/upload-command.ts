import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createUploader, httpBackend, UploadError } from '@carryon/client'
import type { FileSource, Uploader, UploadSnapshot } from '@carryon/client'
import { fileMemory, fileOwner, nodeFile } from '@carryon/client/node'
import { StartError } from './start-error.js'

export interface UploadCommandOptions {
  /** Address of a Carryon server, as its page has it. */
  readonly server: string
  /** `Name: value`, sent with each call of the API; for servers that want their users to sign in. */
  readonly header: readonly string[]
  /** What becomes of a file that this owner has stored before. */
  readonly onDuplicate: 'reuse' | 'copy'
  /** Folder for who this user is to the server and what is unfinished. */
  readonly stateFolder: string
}

export interface Terminal {
  /** Results, one line each. */
  readonly print: (line: string) => void
  /** What goes on, and what went wrong. */
  readonly say: (line: string) => void
}

/**
 * `carryon upload`: uploads files with the page's engine, and carries on where an earlier run was broken off.
 *
 * @param stop aborted when the user wants to leave; what the store has stays there for the next run
 * @returns whether every file is stored
 * @throws StartError for an address or header that cannot be used
 */
export async function uploadCommand(
  paths: readonly string[],
  options: UploadCommandOptions,
  { print, say }: Terminal,
  stop: AbortSignal,
): Promise<boolean> {
  const uploader = openUploader(options)
  const onStop = (): void => uploader.close()
  stop.addEventListener('abort', onStop, { once: true })
  // One listener for all files: Node takes many on one signal for a leak.
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(new Error('Stopped.')), { once: true })
  })
  stopped.catch(() => undefined)
  const one = async (path: string): Promise<boolean> => {
    try {
      print((await uploadFile(uploader, await nodeFile(path), say, stopped)).url)
      return true
    } catch (error) {
      if (stop.aborted) return false
      if (!(error instanceof UploadError)) throw error
      say(`${path}: ${error.message}`)
      return false
    }
  }
  try {
    const stored = await Promise.all(paths.map(one))
    if (stop.aborted) say('Stopped. The same command goes on from here.')
    return stored.every(Boolean)
  } finally {
    stop.removeEventListener('abort', onStop)
    uploader.close()
  }
}

function openUploader({ server, header, onDuplicate, stateFolder }: UploadCommandOptions): Uploader {
  if (!URL.canParse(server) || !/^https?:$/u.test(new URL(server).protocol)) {
    throw new StartError(`--server is an address like https://files.example.com, not ${server}`)
  }
  const api = new URL('api', `${server.replace(/\/+$/u, '')}/`).href
  const headers = Object.fromEntries(header.map(parseHeader))
  const name = createHash('sha256').update(api).digest('hex').slice(0, 16)
  return createUploader({
    backend: httpBackend(api, {
      headers: () => headers,
      ownerMemory: fileOwner(join(stateFolder, 'owners.json'), api),
    }),
    memory: fileMemory(join(stateFolder, `uploads-${name}.jsonl`)),
    onDuplicate,
  })
}

function parseHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  if (colon > 0) return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()]
  throw new StartError(`--header is like "Authorization: Bearer …", not ${text}`)
}

async function uploadFile(
  uploader: Uploader,
  file: FileSource,
  say: (line: string) => void,
  stopped: Promise<never>,
): Promise<{ readonly url: string }> {
  const upload = uploader.upload(file)
  let said = ''
  const stopTelling = upload.on('change', (snapshot) => {
    const words = wordsOf(snapshot)
    if (words !== said) say(`${file.name}: ${words}`)
    said = words
  })
  try {
    return await Promise.race([upload.done, stopped])
  } finally {
    stopTelling()
  }
}

/** Changes with each tenth of the file, so that a log stays short. */
function wordsOf({ state, waitReason, progress, resumedBytes, result }: UploadSnapshot): string {
  if (state === 'waiting') return `waiting (${waitReason ?? 'queue'})`
  if (result?.reused === true) return 'already there'
  if (state !== 'uploading' && state !== 'done') return state
  const done = state === 'done' ? 'done' : `${Math.floor(progress.percent / 10) * 10} %`
  return resumedBytes > 0 ? `${done}, of which ${resumedBytes} bytes were there` : done
}
