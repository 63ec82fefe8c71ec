import { cosLocation, StoreClock } from '@carryon/object-store'
import type { CredentialProvider, StoreLocation, TimedCredentials } from '@carryon/object-store'
import { noAnswer } from '../backend/no-answer.js'
import { BackendError } from '../core/backend-error.js'
import { messageOf } from '../core/error-fields.js'
import { notJson, readAnswer, wrong } from './credentials-answer.js'
import type { Issued } from './credentials-answer.js'
import type { StsBackendOptions } from './sts-options.js'

/** Where uploads are stored. */
export interface StsPlace {
  readonly location: StoreLocation
  /** Prefix of all keys. */
  readonly prefix: string
}

/** Credentials with their place and validity. */
export interface StsGrant extends StsPlace {
  readonly credentials: TimedCredentials & { readonly startsAt: number; readonly expiresAt: number }
}

/** Milliseconds to wait for an answer of the endpoint. */
const patience = 30_000
/** Least lifetime of credentials in seconds: shorter ones expire before a part has arrived. */
const shortestLife = 60

/** The application's temporary credentials: requested once for all callers, and renewed in good time. */
export class StsCredentials {
  readonly #options: StsBackendOptions
  /** The store's time, as learned from credentials and the store's answers. */
  readonly clock = new StoreClock()
  readonly #held = new Map<string, StsGrant>()
  readonly #asking = new Map<string, Promise<StsGrant>>()

  constructor(options: StsBackendOptions) {
    this.#options = options
  }

  /**
   * Where a new upload is stored. With `scope: 'key'` it comes from the options alone, because credentials cannot be
   * requested before there is a key.
   */
  async place(): Promise<StsPlace> {
    if (this.#options.scope !== 'key') return this.get(null)
    return { location: this.#locationOf({}), prefix: this.#options.keyPrefix ?? 'uploads/' }
  }

  /** Cached credentials while less than half of their life has passed, otherwise new ones. */
  async get(key: string | null): Promise<StsGrant> {
    const held = this.#held.get(this.#scopeOf(key))
    if (held === undefined) return this.renew(key)
    const { startsAt, expiresAt } = held.credentials
    const isFresh = this.clock.now() / 1000 < (startsAt + expiresAt) / 2
    return isFresh ? held : this.renew(key)
  }

  /** Requests new credentials; concurrent calls share one request. */
  renew(key: string | null): Promise<StsGrant> {
    const scope = this.#scopeOf(key)
    const asking = this.#asking.get(scope)
    if (asking !== undefined) return asking
    const asked = this.#ask(key)
      .then((grant) => {
        this.#held.set(scope, grant)
        return grant
      })
      .finally(() => this.#asking.delete(scope))
    this.#asking.set(scope, asked)
    return asked
  }

  /** A provider for one store: it renews the credentials from its second call on, which follows a refusal. */
  provider(key: string): CredentialProvider {
    let isFirst = true
    return async () => {
      const { credentials } = await (isFirst ? this.get(key) : this.renew(key))
      isFirst = false
      return credentials
    }
  }

  /** Drops the credentials of this key. */
  forget(key: string): void {
    if (this.#options.scope === 'key') this.#held.delete(key)
  }

  #scopeOf(key: string | null): string {
    return this.#options.scope === 'key' ? (key ?? '') : ''
  }

  async #ask(key: string | null): Promise<StsGrant> {
    const issued = readAnswer(await this.#answer(this.#options.scope === 'key' ? key : null))
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt, prefix } = issued
    const startsAt = this.#startOf(issued)
    if (expiresAt - startsAt < shortestLife)
      throw wrong(`answered credentials that last ${Math.max(0, Math.round(expiresAt - startsAt))} s`)
    return {
      location: this.#locationOf(issued),
      credentials: { accessKeyId, secretAccessKey, sessionToken, startsAt, expiresAt },
      prefix: this.#options.keyPrefix ?? prefix ?? 'uploads/',
    }
  }

  /**
   * When the credentials' validity starts. If the local clock is outside that validity, either the clock is wrong or
   * the credentials are old. Assumes that they are new and corrects the clock; if they are old, the store refuses
   * them.
   */
  #startOf({ startsAt, expiresAt }: Issued): number {
    const now = this.clock.now() / 1000
    if (startsAt === null) {
      if (now < expiresAt) return Math.floor(now)
      throw new BackendError('unauthorized', tooOld(expiresAt))
    }
    if (!this.clock.hasLearned && (now < startsAt - shortestLife || now >= expiresAt))
      this.clock.learnFromServerTime(startsAt, this.clock.localNow())
    return startsAt
  }

  #locationOf(issued: {
    readonly bucket?: string | undefined
    readonly region?: string | undefined
  }): StoreLocation {
    const { bucket = issued.bucket, region = issued.region, endpoint } = this.#options
    if (bucket === undefined || region === undefined) {
      const lacking = bucket === undefined ? 'bucket' : 'region'
      throw new BackendError(
        'page-error',
        `The ${lacking} is not known: give stsBackend the option "${lacking}"` +
          (this.#options.scope === 'key' ? '.' : ', or answer it from the STS endpoint.'),
      )
    }
    return cosLocation({ bucket, region, ...(endpoint === undefined ? {} : { endpoint }) })
  }

  async #answer(key: string | null): Promise<unknown> {
    const { getCredentials, fetch = globalThis.fetch } = this.#options
    const signal = AbortSignal.timeout(patience)
    if (typeof getCredentials !== 'function') {
      const url = String(getCredentials)
      const address =
        key === null ? url : `${url}${url.includes('?') ? '&' : '?'}key=${encodeURIComponent(key)}`
      const headers = { accept: 'application/json' }
      return readResponse(
        await fetch(address, { headers, signal }).catch((error: unknown) => {
          throw noAnswer(error, `GET ${url}`)
        }),
      )
    }
    try {
      const answer = await withSignal(Promise.resolve(getCredentials({ key, signal })), signal)
      return answer instanceof Response ? await readResponse(answer) : answer
    } catch (error) {
      throw failureOf(error)
    }
  }
}

/** Message for credentials that the store refused as expired. */
export function tooOld(expiresAt: number): string {
  return (
    `getCredentials answered credentials that ended at ${new Date(expiresAt * 1000).toISOString()}. ` +
    'The endpoint must not keep them for longer than they live, and the clocks of its machine and of this device must be right.'
  )
}

async function readResponse(response: Response): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw noAnswer(error, 'getCredentials')
  })
  const { status } = response
  if (status === 401 || status === 403) {
    const code = status === 401 ? 'unauthorized' : 'forbidden'
    throw new BackendError(code, `getCredentials: the STS endpoint answered ${status}. Sign in again.`, {
      status,
    })
  }
  try {
    if (response.ok) return JSON.parse(text) as unknown
  } catch {
    // Reported below.
  }
  throw notJson(status, response.headers.get('content-type'), text)
}

/** Converts a failure of the application's function. */
function failureOf(error: unknown): BackendError {
  if (error instanceof BackendError) return error
  // `fetch` rejects with a TypeError when there is no answer (Fetch standard, "network error").
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message))
    return noAnswer(error, 'getCredentials')
  if (error instanceof SyntaxError) {
    return new BackendError(
      'unexpected-answer',
      `getCredentials: the STS endpoint answered no JSON (${error.message}). Does its address lead to a page?`,
      { cause: error },
    )
  }
  return new BackendError('headers-failed', `getCredentials failed: ${messageOf(error)}`, { cause: error })
}

function withSignal<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new BackendError('network', `getCredentials gave no answer within ${patience / 1000} s.`)
    signal.addEventListener('abort', () => reject(late), { once: true })
    answer.then(resolve, reject)
  })
}
