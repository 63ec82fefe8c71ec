import type { ObjectEncryption } from '@carryon/object-store'
import type { RegisteredUpload } from '@carryon/protocol'
import type { Refusal } from './refusal.js'

/** What goes with every call of a hook. */
export interface HookControl {
  /** Ends when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** A file that is about to be uploaded, as its client declares it. */
export interface OnOpenEvent {
  /** Who uploads. */
  readonly owner: string
  /** What `authorize` answered beside the owner. */
  readonly context?: unknown
  /** The file as its client declares it. */
  readonly file: {
    /** As it was picked: data, never a path. */
    readonly name: string
    /** Bytes. */
    readonly size: number
    /** Media type; may be empty. */
    readonly type: string
    /** Where it was in the picked folder, such as `holiday/day 1/a.jpg`; `null` where that is not known. Data: check it. */
    readonly path: string | null
  }
  /** What the client said of it. */
  readonly metadata: Readonly<Record<string, string>>
  /** With which every key begins: `keyPrefix` of the server. */
  readonly keyPrefix: string
}

/** How an object is to be kept. What is left out is as without a hook. */
export interface OpenDecision {
  /**
   * Key of the object, which begins with `keyPrefix`: letters and digits of any script, `. _ - ( ) = @ ~ ,` and `/`, no
   * segment that is empty, `.` or `..`, at most 850 bytes. A random segment is put before its last one; behind a
   * `/` at its end follow the random segment and the file's name.
   */
  readonly key?: string
  /**
   * Name of the bucket, one of the server's `buckets`; its keys have `~<name>/` behind `keyPrefix`, which is put there.
   * @default the first bucket
   */
  readonly bucket?: string
  /** Whether the key is taken as it is. It works once: an upload of a key that was used before is refused. @default false */
  readonly exactKey?: boolean
  /** How the object is stored and answered. */
  readonly headers?: {
    /** Media type under which the object is stored. @default the one that the client declares */
    readonly contentType?: string
    /** Whether browsers that open the object's own address show it or save it. @default 'attachment' */
    readonly contentDisposition?: 'inline' | 'attachment'
    /** `Cache-Control` of the object, at most 256 printable ASCII characters. @default none */
    readonly cacheControl?: string
    /** By the store's own name, such as `STANDARD_IA`. @default the bucket's */
    readonly storageClass?: string
    /** At most 10, of letters, digits, spaces and `+ - = . _ : / @`; names of 1 to 127 characters, values of at most 255. */
    readonly tags?: Readonly<Record<string, string>>
    /** Encryption at rest by the store's own key, or by one of its key management service. @default the bucket's */
    readonly encryption?: ObjectEncryption
  }
}

/**
 * Runs before a new upload is made, and not when an open one is found and continued. It decides the object's key and
 * headers, or refuses. Whoever uploads waits for it; when it takes too long, throws, or answers what cannot be used, nothing is
 * opened.
 */
export type OnOpen = (
  event: OnOpenEvent,
  control: HookControl,
) => HookAnswer<OpenDecision> | Promise<HookAnswer<OpenDecision>>

/** An upload that is finished and verified. */
export interface OnDoneEvent {
  /** The same each time that this event is delivered. */
  readonly deliveryId: string
  /** 1 for the first time. */
  readonly attempt: number
  /** Its `url` is a path on this server, unless `publicUrlBase` or `publicBaseUrl` say where that is. */
  readonly upload: RegisteredUpload
  /** Whose upload it is. */
  readonly owner: string
  /** What `authorize` answered beside the owner when the upload was opened. */
  readonly context?: unknown
  /** What the client said of the file when it was opened. */
  readonly metadata: Readonly<Record<string, string>>
}

/** What an application says of a finished upload. */
export interface DoneAnswer {
  /** JSON of at most 8 192 bytes, for the client: `result.data` in the answer to its complete call. */
  readonly data?: unknown
}

/**
 * Runs after an upload is finished, at least once, also after a crash or when the application was away: it is called
 * again, ever more rarely, until it ends without an error. An application tells repeated calls by `deliveryId`.
 *
 * A refusal removes the object, and its sentence is what the person who uploads gets to read.
 */
export type OnDone = (
  event: OnDoneEvent,
  control: HookControl,
) => HookAnswer<DoneAnswer> | Promise<HookAnswer<DoneAnswer>>

/** Nothing is consent. */
export type HookAnswer<Answer> = Answer | Refusal | undefined | null

/** The hooks of an application. */
export interface Hooks {
  readonly onOpen: OnOpen | undefined
  readonly onDone: OnDone | undefined
  /** Milliseconds that a hook may take. */
  readonly timeout: number
}
