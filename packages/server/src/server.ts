import { isApiPath, pathBelow } from './http/base-path.js'
import { Buckets } from './buckets/buckets.js'
import { AccessIssuer, accessLifetime } from './access/access-issuer.js'
import { SignedLinks } from './access/signed-link.js'
import { hostCheck } from './http/allowed-hosts.js'
import { createApp } from './http/app.js'
import { limitsRoute } from './http/limits-route.js'
import { RateLimiter } from './http/rate-limiter.js'
import { signedLinkAccess } from './http/signed-link-routes.js'
import { operationRoutes } from './http/operation-routes.js'
import { stsRoute, stsRouteOff } from './http/sts-route.js'
import { uploadRoutes } from './http/upload-routes.js'
import type { LogEntry } from './log-entry.js'
import { loggedError } from './logged-error.js'
import { Metrics } from './metrics.js'
import { pseudonymOf } from './pseudonym.js'
import { LruCache } from './lru-cache.js'
import { sharedSecret } from './repository/secrets.js'
import { UploadRepository } from './repository/upload-repository.js'
import { type ServerOptions, type ServerSettings, settingsOf } from './server-options.js'
import { startSweeping } from './sweep-timer.js'
import { UploadCompleter } from './uploads/complete-upload.js'
import { Deliveries } from './uploads/deliveries.js'
import { serverDeliveries, type ServerDeliveries } from './uploads/delivery-list.js'
import { encodeKey } from './uploads/object-key.js'
import { OpenQuota } from './uploads/open-quota.js'
import { UploadOpener } from './uploads/open-upload.js'
import { largestFile } from './parts/part-plan.js'
import { serverUploads, type ServerUploads } from './uploads/server-uploads.js'
import { sweep, type SweepReport } from './uploads/sweep.js'
import { abortUpload, listUnfinished, type Unfinished } from './uploads/unfinished.js'
import type { UploadServices } from './uploads/upload-services.js'

/** Keeps the upload records and gives browsers access to the store. */
export interface Server {
  /**
   * Answers one request; mount it anywhere that speaks `Request` and `Response`. With what `@hono/node-server` hands over
   * beside the request, limits count by address as well.
   */
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>
  /**
   * Whether a request names a host that this server is (`allowedHosts`). `fetch` refuses others by itself: for whoever
   * answers something else at the same address, such as a page. A Host that is none is not this server's.
   */
  readonly answersFor: (request: Request, env?: unknown) => boolean
  /**
   * Whether a request asks for a path of the API, below `basePath` or with that taken off: for whoever has other routes at
   * the same address. `/healthz` and `/metrics` are not among them.
   */
  readonly serves: (request: Request) => boolean
  /** Resolves once the schema is up to date and the store answers; from then on it sweeps by itself. */
  ready(): Promise<void>
  /** Ends expired uploads, finishes interrupted completions, and removes orphan parts. Safe at any time. */
  sweep(): Promise<SweepReport>
  /** Uploads of all owners, for the application's own code. */
  readonly uploads: ServerUploads
  /** The unfinished uploads of all owners. */
  unfinished(): Promise<Unfinished>
  /** Ends an upload of any owner, and removes what the store holds of it; `false` when none of that id is open. */
  abort(id: string): Promise<boolean>
  /** What `onDone` has still to hear of. */
  readonly deliveries: ServerDeliveries
  /** Stops sweeping, waits a while for completions and hooks under way, and closes the database. */
  close(): Promise<void>
}

/**
 * @example
 * const server = createServer({ store, sts, database, authorize: () => ({ owner: 'user-42' }) })
 * await server.ready()
 * export default { fetch: server.fetch }
 * @throws TypeError that names every option at fault.
 */
export function createServer(options: ServerOptions): Server {
  const { sts, database } = options
  const settings = settingsOf(options, largestFile(options.store.capabilities))
  const buckets = new Buckets(options.store, options.buckets ?? {}, settings.keyPrefix)
  const { store } = buckets
  const now = () => (options.now?.() ?? new Date()).getTime()
  const log = options.log ?? (() => undefined)
  const metrics = new Metrics()

  const repository = new UploadRepository(database.tables)
  const secret = once(async () => {
    await database.migrate()
    return sharedSecret(database.tables, 'owner-cookie')
  })
  const services: UploadServices = {
    store,
    buckets,
    repository,
    access: new AccessIssuer({ store, sts, now, locationOf: (key) => buckets.of(key).location }),
    limits: settings,
    hooks: { onOpen: options.onOpen, onDone: options.onDone, timeout: settings.hookTimeout },
    now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    urlOf: ({ id, key }) =>
      // The public address is that of the first bucket.
      settings.publicUrlBase === null || buckets.nameOf(key) !== null
        ? `/api/uploads/${id}/object`
        : `${settings.publicUrlBase}/${encodeKey(key)}`,
    count: (event) => metrics.upload(event),
    report: (what, error) => log({ severity: 'error', event: 'background', what, error: loggedError(error) }),
  }
  const linkSecret = once(() => secret().then(() => sharedSecret(database.tables, 'object-link')))
  const links = new SignedLinks(linkSecret)
  const { publicOrigin, publicPath } = settings
  const deliveries = new Deliveries(services, publicOrigin === null ? '' : publicOrigin + publicPath)
  const uploadCompleter = new UploadCompleter(services, deliveries, { wait: settings.completeWait })
  const answersFor = hostCheck(settings.allowedHosts, settings)
  const rateLimiter = new RateLimiter(settings.limits.opensPerMinute)
  const app = createApp({
    uploads: uploadRoutes(
      services,
      new UploadOpener(
        services,
        uploadCompleter,
        new OpenQuota(repository, settings.limits, settings.ownerLimits),
      ),
      uploadCompleter,
      rateLimiter,
      links,
    ),
    limits: limitsRoute(services, rateLimiter, options.authorize === undefined),
    sts:
      sts === null || settings.stsAllowPrefix === 'off'
        ? stsRouteOff()
        : stsRoute({
            sts,
            location: store.location,
            prefixOf: stsPrefix(settings, secret),
            now,
            rateLimiter,
          }),
    operation: operationRoutes(
      { database: () => secret().then(() => repository.ping()), store: () => store.headBucket() },
      metrics,
    ),
    allowedOrigins: settings.allowedOrigins,
    answersFor,
    address: settings,
    basePath: settings.basePath,
    publicPath: settings.publicPath,
    signedLinkAccess: signedLinkAccess(services, links),
    authorize: options.authorize,
    cookieSecret: secret,
    report: services.report,
    metrics,
    log,
    logNameOf: pseudonyms(secret, 'log'),
    addressTokenOf: pseudonyms(secret, 'address'),
  })

  // The first sweep looks at all: parts may have arrived while no server ran.
  let partsSeen = 0
  const runSweep = async () => {
    await secret()
    const start = now()
    const report = await sweep(services, uploadCompleter, deliveries, partsSeen)
    // An access grant stays valid after the request that it was given for.
    if (report.errors === 0) partsSeen = start - accessLifetime * 1_000
    metrics.sweep(report)
    log({ severity: report.errors > 0 ? 'warn' : 'info', event: 'sweep', ...report })
    return report
  }
  const sweeping = startSweeping(runSweep, settings.sweepEvery, (error) => services.report('sweeping', error))
  // An application that was away for a moment is not to wait for the next sweep.
  const delivering = startSweeping(
    () => deliveries.runDue(),
    options.onDone === undefined ? 0 : Math.min(settings.sweepEvery, deliverEvery),
    (error) => services.report('running onDone', error),
  )

  return {
    fetch: async (request, env) => {
      return app.fetch(request, env)
    },
    answersFor: (request, env) => answersFor(request, env),
    serves: (request) => isApiPath(pathBelow(settings.basePath)(request)),
    async ready() {
      await Promise.all([secret(), store.headBucket(), sts?.ready?.()])
      for (const notice of sts === null ? [] : stsNotices(settings.stsAllowPrefix, options.authorize))
        log(notice)
      sweeping.start()
      delivering.start()
    },
    sweep: runSweep,
    uploads: serverUploads(services, links, publicOrigin === null ? null : publicOrigin + publicPath, secret),
    async unfinished() {
      await secret()
      return listUnfinished(services)
    },
    async abort(id) {
      await secret()
      return abortUpload(services, id)
    },
    deliveries: serverDeliveries(services, deliveries, secret),
    async close() {
      const ended = uploadCompleter.settled().then(() => deliveries.settled())
      await within(settings.closeGrace, Promise.all([sweeping.stop(), delivering.stop(), ended]))
      await database.close()
    },
  }
}

/** Milliseconds between looks for `onDone` calls that are due. */
const deliverEvery = 10_000

/** An owner sends many requests, and Web Crypto computes each HMAC on another thread. About 200 bytes each. */
const cachedPseudonyms = 10_000

function pseudonyms(secret: () => Promise<string>, purpose: 'log' | 'address') {
  const made = new LruCache<string, string>(cachedPseudonyms)
  return async (owner: string): Promise<string> => {
    const known = made.get(owner)
    if (known !== undefined) return known
    const pseudonym = await pseudonymOf(await secret(), purpose, owner)
    made.set(owner, pseudonym)
    return pseudonym
  }
}

/** What the operator should know of `GET /sts`. */
function stsNotices(prefix: string, authorize: ServerOptions['authorize']): LogEntry[] {
  const notices: LogEntry[] = []
  if (prefix === '*') {
    notices.push({
      severity: 'warn',
      event: 'notice',
      message: 'GET /sts gives every caller the whole bucket',
    })
  }
  if (prefix !== 'off' && authorize === undefined) {
    notices.push({
      severity: 'info',
      event: 'notice',
      message:
        'GET /sts lets anybody who reaches this server write to the store, with no limit of size or number and no record here; for apps on cos-js-sdk-v5. An authorize says who may, STS_ALLOW_PREFIX=off ends it',
    })
  }
  return notices
}

function stsPrefix(settings: ServerSettings, secret: () => Promise<string>) {
  return async (owner: string) => {
    switch (settings.stsAllowPrefix) {
      case '*':
        return ''
      case 'own':
        return `${settings.keyPrefix}own/${await pseudonymOf(await secret(), 'prefix', owner)}/`
      default:
        return settings.stsAllowPrefix
    }
  }
}

/** Resolves with `work`, or after `milliseconds` without it. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Runs `make` with the first call and shares what comes of it; after a failure the next call tries again. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
