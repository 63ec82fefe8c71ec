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
import { loggedError } from './logged-error.js'
import { Metrics } from './metrics.js'
import { pseudonyms } from './pseudonym.js'
import { sharedSecret } from './repository/secrets.js'
import { UploadRepository } from './repository/upload-repository.js'
import type { ServerOptions } from './server-options.js'
import { settingsOf } from './server-settings.js'
import { stsNotices, stsPrefix } from './sts-prefix.js'
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
   * Answers one request; mount it anywhere that uses `Request` and `Response`. If you pass the second argument of
   * `@hono/node-server`, limits also count by address.
   */
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>
  /**
   * Whether a request is for a host of this server (`allowedHosts`); one without a valid Host is not. `fetch` refuses
   * other hosts itself: use this for whatever else you serve at the same address, such as a page.
   */
  readonly answersFor: (request: Request, env?: unknown) => boolean
  /**
   * Whether a request asks for an API path, with or without `basePath`: use it if you have other routes at the same
   * address. `/healthz` and `/metrics` are not API paths.
   */
  readonly serves: (request: Request) => boolean
  /** Resolves once the schema is up to date and the store answers; then sweeping runs automatically. */
  ready(): Promise<void>
  /** Ends expired uploads, finishes interrupted completions, and removes orphan parts. Safe at any time. */
  sweep(): Promise<SweepReport>
  /** Uploads of all owners, for the application's own code. */
  readonly uploads: ServerUploads
  /** The unfinished uploads of all owners. */
  unfinished(): Promise<Unfinished>
  /** Ends any owner's upload and removes its data from the store; `false` when no open upload has this id. */
  abort(id: string): Promise<boolean>
  /** Finished uploads that `onDone` was not yet called for. */
  readonly deliveries: ServerDeliveries
  /** Stops sweeping, waits a while for running completions and hooks, and closes the database. */
  close(): Promise<void>
}

/**
 * Creates a server.
 *
 * @example
 * const server = createServer({ store, sts, database, authorize: () => ({ owner: 'user-42' }) })
 * await server.ready()
 * export default { fetch: server.fetch }
 * @throws TypeError that names every invalid option.
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
      // `publicUrlBase` is the address of the first bucket only.
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

  // The first sweep checks all uploads: parts may have arrived while no server ran.
  let partsSeen = 0
  const runSweep = async () => {
    await secret()
    const start = now()
    const report = await sweep(services, uploadCompleter, deliveries, partsSeen)
    // Parts can still arrive for as long as the last access grant is valid.
    if (report.errors === 0) partsSeen = start - accessLifetime * 1_000
    metrics.sweep(report)
    log({ severity: report.errors > 0 ? 'warn' : 'info', event: 'sweep', ...report })
    return report
  }
  const sweeping = startSweeping(runSweep, settings.sweepEvery, (error) => services.report('sweeping', error))
  // Retries `onDone` more often than sweeps run, so that a short outage of the application causes little delay.
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

/** Resolves with `work`, or after `milliseconds` if that is sooner. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Runs `make` on the first call and shares its result; after a failure the next call tries again. */
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
