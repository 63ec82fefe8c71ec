import { AccessDesk, accessLifetime } from './access/access-desk.js'
import { ObjectLinks } from './access/object-link.js'
import { hostCheck } from './http/allowed-hosts.js'
import { createApp } from './http/app.js'
import { CallRate } from './http/call-rate.js'
import { openLinks } from './http/object-link-routes.js'
import { operationRoutes } from './http/operation-routes.js'
import { stsRoute, stsRouteOff } from './http/sts-route.js'
import { uploadRoutes } from './http/upload-routes.js'
import type { LogEntry } from './log-entry.js'
import { loggedError } from './logged-error.js'
import { Metrics } from './metrics.js'
import { ownerAlias } from './owner-alias.js'
import { RecentMap } from './recent-map.js'
import { sharedSecret } from './repository/secrets.js'
import { UploadRepository } from './repository/upload-repository.js'
import { type ServerOptions, type ServerSettings, settingsOf } from './server-options.js'
import { startSweeping } from './sweep-timer.js'
import { Completions } from './uploads/complete-upload.js'
import { encodeKey } from './uploads/object-key.js'
import { OpenQuota } from './uploads/open-limits.js'
import { Openings } from './uploads/open-upload.js'
import { largestFile } from './parts/part-plan.js'
import { sweep, type SweepReport } from './uploads/sweep.js'
import { abortUpload, listUnfinished, type Unfinished } from './uploads/unfinished.js'
import type { UploadDesk } from './uploads/upload-desk.js'

/** Keeps the upload records and gives browsers access to the store. */
export interface Server {
  /**
   * Answers one request; mount it anywhere that speaks `Request` and `Response`. With what `@hono/node-server` hands over
   * beside the request, limits count by address as well.
   */
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>
  /**
   * Whether a request names a host that this server is (`allowedHosts`). `fetch` refuses others by itself: for whoever
   * answers something else at the same address, such as a page.
   *
   * @param request whose URL can be parsed
   */
  readonly answersFor: (request: Request, env?: unknown) => boolean
  /** Resolves once the schema is up to date and the store answers; from then on it sweeps by itself. */
  ready(): Promise<void>
  /** Ends stale uploads, finishes interrupted completions, and removes what nobody knows. Safe at any time. */
  sweep(): Promise<SweepReport>
  /** What has begun and not ended, whoever began it. */
  unfinished(): Promise<Unfinished>
  /** Ends an upload, whoever owns it, and removes what the store holds of it; `false` when none of that id is open. */
  abort(id: string): Promise<boolean>
  /** Stops sweeping, waits a while for completions under way, and closes the database. */
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
  const { store, sts, database } = options
  const settings = settingsOf(options, largestFile(store.capabilities))
  const now = () => (options.now?.() ?? new Date()).getTime()
  const log = options.log ?? (() => undefined)
  const metrics = new Metrics()

  const repository = new UploadRepository(database.tables)
  const secret = once(async () => {
    await database.migrate()
    return sharedSecret(database.tables, 'owner-cookie')
  })
  const desk: UploadDesk = {
    store,
    repository,
    access: new AccessDesk({ store, sts, now }),
    limits: settings,
    now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    urlOf: ({ id, key }) =>
      settings.publicUrlBase === null
        ? `/api/uploads/${id}/object`
        : `${settings.publicUrlBase}/${encodeKey(key)}`,
    count: (event) => metrics.upload(event),
    report: (what, error) => log({ severity: 'error', event: 'background', what, error: loggedError(error) }),
  }
  const linkSecret = once(() => secret().then(() => sharedSecret(database.tables, 'object-link')))
  const links = new ObjectLinks(linkSecret)
  const completions = new Completions(desk, { wait: settings.completeWait })
  const answersFor = hostCheck(settings.allowedHosts, settings)
  const rate = new CallRate(settings.limits.opensPerMinute)
  const app = createApp({
    uploads: uploadRoutes(
      desk,
      new Openings(desk, completions, new OpenQuota(repository, settings.limits)),
      completions,
      rate,
      links,
    ),
    sts:
      sts === null || settings.stsAllowPrefix === 'off'
        ? stsRouteOff()
        : stsRoute({ sts, location: store.location, prefixOf: stsPrefix(settings, secret), now, rate }),
    operation: operationRoutes(
      { database: () => secret().then(() => repository.ping()), store: () => store.headBucket() },
      metrics,
    ),
    allowedOrigins: settings.allowedOrigins,
    answersFor,
    address: settings,
    basePath: settings.basePath,
    publicPath: settings.publicPath,
    openLinks: openLinks(desk, links),
    authorize: options.authorize,
    cookieSecret: secret,
    report: desk.report,
    metrics,
    log,
    logNameOf: aliases(secret, 'log'),
    addressTokenOf: aliases(secret, 'address'),
  })

  // The first round looks at all: parts may have come while no server ran.
  let partsSeen = 0
  const runSweep = async () => {
    await secret()
    const start = now()
    const report = await sweep(desk, completions, partsSeen)
    // A permission outlives the sign of life with which it was given.
    if (report.errors === 0) partsSeen = start - accessLifetime * 1_000
    metrics.sweep(report)
    log({ severity: report.errors > 0 ? 'warn' : 'info', event: 'sweep', ...report })
    return report
  }
  const sweeping = startSweeping(runSweep, settings.sweepEvery, (error) => desk.report('sweeping', error))

  return {
    fetch: async (request, env) => {
      return app.fetch(request, env)
    },
    answersFor: (request, env) => answersFor(request, env),
    async ready() {
      await Promise.all([secret(), store.headBucket()])
      for (const notice of sts === null ? [] : stsNotices(settings.stsAllowPrefix, options.authorize))
        log(notice)
      sweeping.start()
    },
    sweep: runSweep,
    async unfinished() {
      await secret()
      return listUnfinished(desk)
    },
    async abort(id) {
      await secret()
      return abortUpload(desk, id)
    },
    async close() {
      await within(settings.closeGrace, Promise.all([sweeping.stop(), completions.settled()]))
      await database.close()
    },
  }
}

/** An owner asks many times, and making an alias takes turns on other threads. About 200 bytes each. */
const knownAliases = 10_000

function aliases(secret: () => Promise<string>, purpose: 'log' | 'address') {
  const made = new RecentMap<string, string>(knownAliases)
  return async (owner: string): Promise<string> => {
    const known = made.get(owner)
    if (known !== undefined) return known
    const alias = await ownerAlias(await secret(), purpose, owner)
    made.set(owner, alias)
    return alias
  }
}

/** What whoever runs the server should know of `GET /sts`. */
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
        return `${settings.keyPrefix}own/${await ownerAlias(await secret(), 'prefix', owner)}/`
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
