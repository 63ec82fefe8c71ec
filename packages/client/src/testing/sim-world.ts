import type { Crc64Type } from '@carryon/hash'
import * as lazyModule from '../lazy-code.js'
import { localCopies } from '../extensions/local-copies/index.js'
import { pickQueue } from '../extensions/queue/index.js'
import { tabs } from '../extensions/tabs/index.js'
import { volatileMemory } from '../memory/resume-memory.js'
import type { FileSource, ResumeMemory, TabLocks } from '../ports.js'
import { assembleUploader } from '../uploader.js'
import type { UploaderExtensions } from '../uploader-extensions.js'
import type { Uploader, UploaderOptions } from '../uploader-types.js'
import type { Upload, UploadResult } from '../upload-types.js'
import { SimServer } from './sim-backend.js'
import type { SimServerOptions } from './sim-backend.js'
import { SimChannels } from './sim-channel.js'
import { SimClock } from './sim-clock.js'
import { noFaults } from './sim-faults.js'
import type { FaultSource } from './sim-faults.js'
import { simHasher } from './sim-hasher.js'
import { simLocks } from './sim-locks.js'
import { SimStore } from './sim-store.js'
import { SimTransport } from './sim-transport.js'

/** Loaded in advance: simulated code may wait only for the clock. */
const lazyCode = Promise.resolve(lazyModule)
/** All extensions whose storage, outside of the page's memory, the world provides. */
const simExtensions: UploaderExtensions = { localCopies, pickQueue, tabs }

/** Options of a page; the world provides the rest. */
export type SimTabOptions = { readonly extensions?: UploaderExtensions } & Partial<
  Pick<
    UploaderOptions,
    | 'backend'
    | 'concurrency'
    | 'channel'
    | 'filesAtOnce'
    | 'hashers'
    | 'hasher'
    | 'copyLimit'
    | 'copyStorage'
    | 'locks'
    | 'memory'
    | 'onDuplicate'
    | 'partSize'
    | 'picks'
    | 'recheck'
    | 'retry'
  >
>

export interface SimWorldOptions extends Partial<SimServerOptions> {
  /** CRC-64 type that the store computes. Default `crc64ecma`. */
  readonly crc64Type?: Crc64Type
  /** Milliseconds per request. Default 20. */
  readonly latency?: number
  /** Bytes per second of each request. Default: only latency counts. */
  readonly rate?: number
  /** Whether pages send small files by forms. Default true. */
  readonly sendsForms?: boolean
  /** Header names of the store's answers that are hidden from pages. */
  readonly hides?: readonly string[]
  /** Numbers from 0 to 1. Default: always one half. */
  readonly random?: () => number
}

/** A page with an uploader. */
export interface SimTab {
  readonly uploader: Uploader
  readonly transport: SimTransport
  /** Ends it like a killed tab: nothing more is sent, and no answer is received. */
  kill(): void
}

/** Store, server, browser and time, all simulated: whole uploads with all their faults in milliseconds. */
export class SimWorld {
  readonly clock = new SimClock()
  readonly store: SimStore
  readonly server: SimServer
  readonly memory: ResumeMemory = volatileMemory()
  nextFault: FaultSource = noFaults
  readonly #options: SimWorldOptions
  readonly #locks: TabLocks
  readonly #channels = new SimChannels()

  constructor(options: SimWorldOptions = {}) {
    this.#options = options
    this.store = new SimStore(() => this.clock.trueTime(), options.crc64Type)
    this.#locks = simLocks()
    this.server = new SimServer(this.store, this.clock, {
      partSize: 64,
      lifetime: 1800,
      largestSingle: 0,
      mode: 'credentials',
      joinTime: 0,
      ...options,
    })
  }

  /** Opens a page. */
  tab({ extensions = simExtensions, ...options }: SimTabOptions = {}): SimTab {
    const life = new AbortController()
    const { latency = 20, rate = Infinity, sendsForms = true, hides = [], random = () => 0.5 } = this.#options
    const nextFault: FaultSource = (request) => this.nextFault(request)
    const transport = new SimTransport(
      this.store,
      this.clock,
      nextFault,
      { latency, rate, sendsForms, hides },
      life.signal,
    )
    const uploader = assembleUploader(
      {
        backend: this.server.over(() => this.nextFault, latency),
        transport,
        hasher: simHasher,
        memory: this.memory,
        locks: this.#locks,
        channel: this.#channels.open(),
        clock: this.clock,
        random,
        ...options,
      },
      extensions,
      ({ credentials }) =>
        async ({ uploadId, partNumber }) => ({
          method: 'PUT',
          url: `sim://store/${uploadId}/${partNumber}?token=${credentials.sessionToken ?? ''}`,
          headers: {},
        }),
      () => lazyCode,
    )
    return {
      uploader,
      transport,
      kill: () => {
        uploader.close()
        life.abort()
      },
    }
  }

  /** Uploads `file` in a new page, to the end. */
  async upload(
    file: FileSource,
    options: SimTabOptions = {},
  ): Promise<{ readonly tab: SimTab; readonly upload: Upload; readonly result: UploadResult }> {
    const tab = this.tab(options)
    const upload = tab.uploader.upload(file)
    return { tab, upload, result: await this.clock.run(upload.done) }
  }

  /** Advances time until `met` returns true. */
  async until(met: () => boolean): Promise<void> {
    const work = (async () => {
      while (!met()) await this.clock.sleep(1)
    })()
    await this.clock.run(work)
  }

  /** Whether the object of that key is exactly these bytes. */
  holds(key: string, bytes: Uint8Array): boolean {
    const object = this.store.objects.get(key)
    return object !== undefined && Buffer.compare(object, bytes) === 0
  }
}

/** `size` bytes that differ from part to part; the same for the same seed. */
export function contentOf(size: number, seed = 1): Uint8Array {
  let state = seed
  return Uint8Array.from({ length: size }, () => {
    // Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}
