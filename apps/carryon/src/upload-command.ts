import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createUploader, httpBackend, UploadError } from '@carryon/client'
import type { Uploader } from '@carryon/client'
import { fileMemory, fileOwner } from '@carryon/client/node'
import { ConnectionWatch } from './connection-watch.js'
import { plainLine } from './plain-text.js'
import { reachServer, type ServerConnection } from './server-connection.js'
import { signedLink } from './signed-link.js'
import { StartError } from './start-error.js'
import { followUpload } from './upload-follow.js'
import { openSource } from './upload-source.js'

export interface UploadCommandOptions {
  /** Address of a Carryon server, the same as that of its page. */
  readonly server: string
  /** `Name: value` headers, sent with each API call; for servers whose users must sign in. */
  readonly header: readonly string[]
  /** What to do with a file that this owner has already stored. */
  readonly onDuplicate: 'reuse' | 'copy'
  /** Name under which a single file is stored. Default: the last part of its path. */
  readonly name?: string
  /** Whether to print links that work for everybody. Default: links for the owner. */
  readonly link?: boolean
  /** Lifetime of such a link, in seconds. */
  readonly linkExpires: number
  /** Seconds without a response after which to give up. */
  readonly timeout: number
  /** Folder that keeps this user's key and the unfinished uploads. */
  readonly stateFolder: string
}

export interface Terminal {
  /** Results, one line each. */
  readonly print: (line: string) => void
  /** Progress and errors. */
  readonly say: (line: string) => void
}

/**
 * `carryon upload`: uploads files with the client library, and resumes what an earlier run did not finish.
 *
 * @param stop aborted when the user wants to quit; stored parts stay in the store for the next run
 * @returns whether every file is stored
 * @throws StartError for an invalid address or header, or a server that does not respond
 */
export async function uploadCommand(
  paths: readonly string[],
  options: UploadCommandOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<boolean> {
  // File names and responses of servers and stores may contain terminal escape sequences.
  const print = (line: string): void => terminal.print(plainLine(line))
  const say = (line: string): void => terminal.say(plainLine(line))
  if (options.name !== undefined && paths.length !== 1) {
    throw new StartError(`--name is for one file; these are ${paths.length}.`)
  }
  const connection = contactOf(options)
  const watch = new ConnectionWatch()
  let uploader: Uploader | undefined
  const onStop = (): void => uploader?.close()
  stop.addEventListener('abort', onStop, { once: true })
  try {
    await reachServer(connection, { timeout: options.timeout, say, signal: stop })
    const opened = openUploader(connection, options)
    uploader = opened
    const one = async (path: string): Promise<boolean> => {
      try {
        const source = await openSource(path, options.name, { say, stop })
        try {
          const upload = opened.upload(source.file)
          const { id, url } = await followUpload(upload, { timeout: options.timeout, watch, say, stop })
          if (options.link !== true) {
            print(url)
            say(`${source.file.name}: ${audienceOf(url, connection)}`)
            return true
          }
          const link = await signedLink(connection, id, options.linkExpires)
          print(link.url)
          say(`${source.file.name}: this link works for everybody until ${link.expiresAt}`)
          return true
        } finally {
          await source.release()
        }
      } catch (error) {
        if (stop.aborted) return false
        if (!(error instanceof UploadError || error instanceof StartError)) throw error
        say(`${path}: ${error.message}`)
        return false
      }
    }
    const stored = await Promise.all(paths.map(one))
    if (stop.aborted) say('Stopped. The same command resumes from here.')
    return stored.every(Boolean)
  } catch (error) {
    if (!stop.aborted) throw error
    say('Stopped. The same command resumes from here.')
    return false
  } finally {
    stop.removeEventListener('abort', onStop)
    uploader?.close()
    watch.close()
  }
}

/** Who can open the link, in words. */
function audienceOf(url: string, { api, headers }: ServerConnection): string {
  const isOwn = URL.canParse(url) && /\/api\/uploads\/[^/]+\/object$/u.test(new URL(url).pathname)
  if (!isOwn) return 'this link works for everybody'
  return Object.keys(headers).length > 0
    ? 'this link works for you when you are signed in; --link makes one for everybody'
    : `this link works only with the key that this command keeps for ${new URL(api).host}; --link makes one for everybody`
}

function contactOf({ server, header, stateFolder }: UploadCommandOptions): ServerConnection {
  if (!URL.canParse(server) || !/^https?:$/u.test(new URL(server).protocol)) {
    throw new StartError(`--server is an address like https://files.example.com, not ${server}`)
  }
  const { origin, pathname } = new URL(server)
  const api = `${origin}${pathname.replace(/\/+$/u, '')}/api`
  const headers = Object.fromEntries(header.map(parseHeader))
  return { api, headers, owner: fileOwner(stateFolder, api) }
}

function openUploader(
  { api, headers, owner }: ServerConnection,
  { onDuplicate, stateFolder }: UploadCommandOptions,
): Uploader {
  const name = createHash('sha256').update(api).digest('hex').slice(0, 16)
  return createUploader({
    backend: httpBackend(api, { headers: () => headers, ownerMemory: owner }),
    memory: fileMemory(join(stateFolder, `uploads-${name}.jsonl`)),
    onDuplicate,
  })
}

export function parseHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  const [name, value] = [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()]
  try {
    if (colon > 0) {
      new Headers([[name, value]])
      return [name, value]
    }
  } catch (error) {
    throw new StartError(`--header ${name} holds a character that no header may hold: ${value}`, error)
  }
  throw new StartError(`--header is like "Authorization: Bearer …", not ${text}`)
}
