import { StoreClock } from '@carryon/object-store'
import { systemClock } from './async/clock.js'
import { Semaphore } from './async/semaphore.js'
import { webLocks } from './async/tab-locks.js'
import { batched } from './backend/batched-backend.js'
import { CallPause } from './backend/backend-call.js'
import { httpBackend } from './backend/http-backend.js'
import { defaultRetry } from './core/retry-policy.js'
import type { RetryLimits, RetryOptions } from './core/retry-policy.js'
import type { LocalCopies } from './extensions/local-copies/local-copies.js'
import type { PickedFiles } from './extensions/queue/picked-files.js'
import type { LoadLazyCode } from './lazy-code.js'
import { BrowserDatabase } from './memory/browser-database.js'
import { forgiving, volatileMemory } from './memory/resume-memory.js'
import { StoreConnection } from './store-connection.js'
import { CircuitBreaker } from './transfer/circuit-breaker.js'
import { browserLineMemory, isSlowLine } from './transfer/line-memory.js'
import { RequestPool } from './transfer/request-pool.js'
import { AutoResumed } from './upload/auto-resumed.js'
import { ContentLocks } from './upload/content-locks.js'
import { fileSlots } from './upload/file-slots.js'
import { silentTabs } from './upload/other-tabs.js'
import { ProgressTicker } from './upload/progress-ticker.js'
import type { UploadContext } from './upload/upload-context.js'
import type { UploaderExtensions } from './uploader-extensions.js'
import type { UploaderOptions } from './uploader-types.js'
import { WorkerPool } from './workers/worker-pool.js'

/** The number of connections that browsers open to one host on HTTP/1.1. */
const defaultConcurrency = 6
const defaultFilesAtOnce = 3
/** Enough small files that several can be read together while others are hashed; more would only take memory. */
const smallReadAtOnce = 16
/** Found parts hashed in parallel by each thread: the number of MD5 lanes. */
const hashedAtOnce = 4

/**
 * Creates an uploader's context from its options, with the real implementations of all ports that are not given.
 *
 * @param extensions what the uploader does beyond sending
 * @param createSigner replaces the store's request signing where there is no store
 * @returns the context, and the workers, which the caller closes
 * @throws RangeError when an option is out of its range
 */
export function createContext(
  options: UploaderOptions,
  extensions: UploaderExtensions,
  createSigner: UploaderContext['createSigner'],
  loadLazy: LoadLazyCode,
): { readonly context: UploaderContext; readonly workers: WorkerPool } {
  const hashers = inRange('hashers', options.hashers ?? defaultHashers(), 1, 16)
  const concurrency = inRange('concurrency', options.concurrency ?? defaultConcurrency, 1, 32)
  const filesAtOnce = inRange('filesAtOnce', options.filesAtOnce ?? defaultFilesAtOnce, 1, 100)
  const retry = retryLimits(options.retry)
  const { clock = systemClock, random = Math.random, backend } = options
  const workers = new WorkerPool(hashers, options.worker)
  if (options.transport === undefined) workers.warmUp()
  const database = new BrowserDatabase()
  const breaker = new CircuitBreaker(clock, random, retry)
  const callPause = new CallPause(clock, random)
  const tabLocks = options.locks ?? webLocks(clock)
  const locks = new ContentLocks(tabLocks)
  const isAddress = typeof backend === 'string' || backend instanceof URL
  // Uploads to two servers are never the same upload. All tabs are assumed to use the same custom backend.
  const scope = isAddress ? String(backend) : 'own'
  const hasher = options.hasher ?? workers
  const parts = { options, database, workers, clock, hasher, tabLocks, locks, scope, loadLazy }
  const memory = options.memory ?? extensions.resumeMemory?.(parts) ?? volatileMemory()
  const copies: LocalCopies | null = extensions.localCopies?.(parts, () => picks?.bytes() ?? 0) ?? null
  const picks: PickedFiles | null = extensions.pickQueue?.(parts, () => copies?.bytes ?? 0) ?? null
  const context: UploaderContext = {
    backend: batched(isAddress ? httpBackend(backend) : backend, clock),
    transport: options.transport ?? workers,
    hasher,
    memory: forgiving(copies?.freeing(memory) ?? memory, clock),
    copies,
    picks,
    loadLazy,
    resumed: new AutoResumed(),
    clock,
    random,
    retry,
    storeClock: new StoreClock(() => clock.wallTime()),
    usual: { crc64Type: 'crc64ecma', forms: null },
    slotFor: fileSlots(filesAtOnce),
    locks,
    tabs: extensions.tabs?.(parts) ?? silentTabs(locks),
    pool: new RequestPool(concurrency, clock, {
      memory: browserLineMemory(scope, () => clock.wallTime()),
      isSlow: isSlowLine(),
    }),
    breaker,
    callPause,
    retryNow: () => {
      callPause.end()
      breaker.hint()
    },
    storeConnection: new StoreConnection(),
    ticker: new ProgressTicker(clock),
    readLimit: new Semaphore(smallReadAtOnce),
    hashLimit: new Semaphore(hashers * hashedAtOnce),
    compareLimit: new Semaphore(1),
    partSize: options.partSize,
    recheck: options.recheck,
    createSigner,
  }
  return { context, workers }
}

function retryLimits(options: RetryOptions = {}): RetryLimits {
  const retry = { ...defaultRetry, ...options }
  inRange('retry.firstDelay', retry.firstDelay, 1, 60_000)
  inRange('retry.longestDelay', retry.longestDelay, retry.firstDelay, 3_600_000)
  inRange('retry.attemptsPerPart', retry.attemptsPerPart, 1, 100)
  if (retry.giveUpAfter !== Infinity)
    inRange('retry.giveUpAfter', retry.giveUpAfter, 0, Number.MAX_SAFE_INTEGER)
  return retry
}

function defaultHashers(): number {
  const cores = typeof navigator === 'undefined' ? 2 : navigator.hardwareConcurrency
  return Math.min(3, Math.max(1, cores - 1))
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`Option ${name} is a whole number from ${least} to ${most}; got ${value}.`)
}

/** What the uploads of one uploader share, and what only the uploader uses. */
export interface UploaderContext extends UploadContext {
  /** Local copies of files for a later page; `null` if they cannot be kept, or are switched off. */
  readonly copies: LocalCopies | null
  /** Picked files whose uploads have not ended; `null` if they cannot be kept, or are switched off. */
  readonly picks: PickedFiles | null
  readonly resumed: AutoResumed
  readonly loadLazy: LoadLazyCode
  readonly storeConnection: StoreConnection
}
