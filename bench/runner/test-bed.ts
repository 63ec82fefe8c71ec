import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LineAccount } from '../link/ledger.js'
import type { LinkProfile } from '../link/link-profile.js'
import { narrowStart } from '../link/narrow-sockets.js'
import type { SeenRequest } from '../link/turns.js'
import type { AppCalls } from '../services/app-service.js'
import type { RelayCalls } from '../services/relay-service.js'
import { localCos } from '../services/backing.js'
import type { Backing } from '../services/backing.js'
import { nodeArguments, Service } from '../services/service.js'
import type { StoreCalls } from '../services/store-service.js'
import { bundlePages } from './bundle-page.js'

/** What the server processes have used so far. */
export interface Usage {
  /** Milliseconds of CPU time. */
  readonly storeCpuMs: number
  readonly appCpuMs: number
  /** Bytes on the application server's sockets, both ways. */
  readonly appBytes: number
}

export interface TestBedOptions {
  /** Records requests even if the profile shapes nothing; this costs CPU time. Default false. */
  readonly watched?: boolean
  /** Default: the embedded store. */
  readonly backing?: Backing
}

/** The indexes of the relay's ports. */
export const relayPort = { store: 0, app: 1 } as const

/**
 * The pages, and three processes: store, application server and link. The browser reaches both servers through the
 * link; the application server reaches the store directly, as in a data centre.
 */
export class TestBed {
  readonly #store: Service<StoreCalls>
  readonly #app: Service<AppCalls>
  readonly #relay: Service<RelayCalls>
  readonly #folder: string
  readonly backing: Backing
  /** Origin under which the browser reaches the application's server. */
  readonly appOrigin: string
  /** Origin under which the browser reaches the store. */
  readonly storeOrigin: string

  private constructor(
    services: {
      store: Service<StoreCalls>
      app: Service<AppCalls>
      relay: Service<RelayCalls>
    },
    folder: string,
    backing: Backing,
    origins: { appOrigin: string; storeOrigin: string },
  ) {
    this.#store = services.store
    this.#app = services.app
    this.#relay = services.relay
    this.#folder = folder
    this.backing = backing
    this.appOrigin = origins.appOrigin
    this.storeOrigin = origins.storeOrigin
  }

  /** @param pages names of files in `contestants` */
  static async open(
    profile: LinkProfile,
    pages: readonly string[],
    { watched = false, backing = localCos }: TestBedOptions = {},
  ): Promise<TestBed> {
    const folder = await mkdtemp(join(tmpdir(), 'carryon-bench-page-'))
    const store = new Service<StoreCalls>(
      new URL(`../services/${backing.dialect === 's3' ? 's3' : 'store'}-service.ts`, import.meta.url),
    )
    const app = new Service<AppCalls>(new URL('../services/app-service.ts', import.meta.url))
    const relay = new Service<RelayCalls>(
      new URL('../services/relay-service.ts', import.meta.url),
      narrowStart(profile, Object.keys(relayPort).length, nodeArguments),
    )
    try {
      const [storeUrl, appPort] = await Promise.all([
        store.call('url', null),
        app.call('port', null),
        bundlePages(folder, pages),
      ])
      // An unshaped loopback needs no relay, which would only cost CPU time.
      const isBare = profile.upBitsPerSecond === null && profile.rttMs === 0 && !watched
      const storePort = Number(new URL(storeUrl).port)
      const seen = await relay.call('start', { profile, targets: [storePort, appPort] })
      const [publicStore, publicApp] = isBare ? [storePort, appPort] : seen
      const origin = (port: number | undefined): string => `http://127.0.0.1:${port ?? 0}`
      const storeOrigin = origin(publicStore)
      await app.call('start', { backing, storeUrl, publicStoreUrl: storeOrigin, page: folder })
      return new TestBed({ store, app, relay }, folder, backing, {
        storeOrigin,
        appOrigin: origin(publicApp),
      })
    } catch (error) {
      await Promise.all([store.close(), app.close(), relay.close()])
      throw error
    }
  }

  async usage(): Promise<Usage> {
    const [storeCpuMs, appCpuMs, traffic] = await Promise.all([
      this.#store.call('cpu', null),
      this.#app.call('cpu', null),
      this.#app.call('traffic', null),
    ])
    return { storeCpuMs, appCpuMs, appBytes: traffic.received + traffic.sent }
  }

  /** Counts of the requests that the store has answered since the last {@link TestBed.clear}, by operation. */
  storeCounters() {
    return this.#store.call('counters', null)
  }

  /** Requests that crossed the link since the last {@link TestBed.clear}; empty without a relay. */
  requests(): Promise<readonly SeenRequest[]> {
    return this.#relay.call('requests', null)
  }

  /** What became of the files' bytes since the last {@link TestBed.clear}; all zero without a relay. */
  lineAccount(): Promise<LineAccount> {
    return this.#relay.call('account', null)
  }

  /** Empties the store and resets the counters. */
  async clear(): Promise<void> {
    await this.#store.call('empty', null)
    await this.forget()
  }

  /** Resets the counters. */
  async forget(): Promise<void> {
    await Promise.all([this.#store.call('clear', null), this.#relay.call('clearRequests', null)])
  }

  async close(): Promise<void> {
    await Promise.all([this.#app.close(), this.#relay.close()])
    await this.#store.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
