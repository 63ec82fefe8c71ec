import type { ObjectEncryption } from '@carryon/object-store'
import type { RegisteredUpload } from '@carryon/protocol'
import type { Refusal } from './refusal.js'

/** Second argument of every hook. */
export interface HookControl {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** A file that is about to be uploaded, as its client declares it. */
export interface OnOpenEvent {
  /** Owner of the upload. */
  readonly owner: string
  /** The context that `authorize` returned with the owner. */
  readonly context?: unknown
  /** The file as its client declares it. */
  readonly file: {
    /** Name of the picked file. Untrusted; never use it as a path. */
    readonly name: string
    /** Bytes. */
    readonly size: number
    /** Media type; may be empty. */
    readonly type: string
    /** Path in the picked folder, such as `holiday/day 1/a.jpg`; `null` if unknown. Untrusted: check it. */
    readonly path: string | null
  }
  /** Metadata that the client sent with the file. */
  readonly metadata: Readonly<Record<string, string>>
  /** Prefix of every key: the server's `keyPrefix`. */
  readonly keyPrefix: string
}

/** How an object is to be stored. Members that are left out are as without a hook. */
export interface OpenDecision {
  /**
   * Object key. It begins with `keyPrefix` and consists of letters and digits of any script, `. _ - ( ) = @ ~ ,` and `/`,
   * has no segment that is empty, `.` or `..`, and at most 850 bytes. A random segment is inserted before the last
   * segment. If the key ends with `/`, the random segment and the file's name are appended.
   */
  readonly key?: string
  /**
   * Name of one of the server's `buckets`. The server inserts `~<name>/` after `keyPrefix` into its keys.
   * @default the first bucket
   */
  readonly bucket?: string
  /**
   * Whether the key is used unchanged. An exact key works once: opening an upload for a key used before is refused.
   * @default false
   */
  readonly exactKey?: boolean
  /** How the object is stored and served. */
  readonly headers?: {
    /** Media type that the object is stored with. @default the one that the client declares */
    readonly contentType?: string
    /** Whether a browser that opens the object's own address shows or saves it. @default 'attachment' */
    readonly contentDisposition?: 'inline' | 'attachment'
    /** `Cache-Control` of the object, at most 256 printable ASCII characters. @default none */
    readonly cacheControl?: string
    /** Storage class, by the store's own name, such as `STANDARD_IA`. @default the bucket's */
    readonly storageClass?: string
    /** At most 10 tags of letters, digits, spaces and `+ - = . _ : / @`; names of 1 to 127, values of at most 255 characters. */
    readonly tags?: Readonly<Record<string, string>>
    /** Encryption at rest with the store's own key, or with one of its key management service. @default the bucket's */
    readonly encryption?: ObjectEncryption
  }
}

/**
 * Runs before a new upload is created, but not when an open one is found and continued. It decides the object's key and
 * headers, or refuses. The person who uploads waits for it. If it takes too long, throws, or returns an unusable answer,
 * nothing is opened.
 */
export type OnOpen = (
  event: OnOpenEvent,
  control: HookControl,
) => HookAnswer<OpenDecision> | Promise<HookAnswer<OpenDecision>>

/** An upload that is finished and verified. */
export interface OnDoneEvent {
  /** Same value on every delivery of this event. */
  readonly deliveryId: string
  /** Starts at 1. */
  readonly attempt: number
  /** Its `url` is a path on this server, unless `publicUrlBase` or `publicBaseUrl` is set. */
  readonly upload: RegisteredUpload
  /** Owner of the upload. */
  readonly owner: string
  /** The context that `authorize` returned with the owner when the upload was opened. */
  readonly context?: unknown
  /** Metadata that the client sent when the upload was opened. */
  readonly metadata: Readonly<Record<string, string>>
}

/** The application's answer about a finished upload. */
export interface DoneAnswer {
  /** JSON of at most 8 192 bytes for the client: `result.data` in the answer to its complete call. */
  readonly data?: unknown
}

/**
 * Runs after an upload is finished, at least once, even if this server crashed or the application was down: it is called
 * again, at growing intervals, until it returns without an error. Recognize repeated calls by `deliveryId`.
 *
 * A refusal removes the object, and its sentence is shown to the person who uploads.
 */
export type OnDone = (
  event: OnDoneEvent,
  control: HookControl,
) => HookAnswer<DoneAnswer> | Promise<HookAnswer<DoneAnswer>>

/** `undefined` and `null` mean consent. */
export type HookAnswer<Answer> = Answer | Refusal | undefined | null

/** The hooks of an application. */
export interface Hooks {
  readonly onOpen: OnOpen | undefined
  readonly onDone: OnDone | undefined
  /** Milliseconds that a hook may take. */
  readonly timeout: number
}
