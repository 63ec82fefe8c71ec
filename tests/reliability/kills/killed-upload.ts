import { type Chromium, launchChromium } from '../../browser/harness/chromium.js'
import { cookieHeader, listUploads, uploadOf } from '../../browser/harness/server-uploads.js'
import { silence } from '../../browser/harness/silence.js'
import { StoreAdmin } from '../../browser/harness/store-admin.js'
import { readObject } from '../../browser/harness/stored-object.js'
import type { TestFile } from '../../browser/harness/test-file.js'
import { UploadPage } from '../../browser/harness/upload-page.js'
import { type Account, type Kill, settle } from './account.js'
import type { PlannedKill } from './kill-plan.js'
import { type SeparateProduct, bucket, startSeparately } from './separate-product.js'

export interface KilledUploadOptions {
  readonly file: TestFile
  readonly plan: readonly PlannedKill[]
  /** Bytes per second of each part request. Slow enough that kills interrupt parts in transit. */
  readonly rate: number
  readonly say?: (line: string) => void
}

export interface KilledUpload extends Account {
  /** Size of the first parts (`partSize`) and largest size of the later ones (`largestPart`), bytes. */
  readonly partSize: number
  readonly largestPart: number
  readonly partCount: number
  /** SHA-256 of the downloaded object, lower-case hex. */
  readonly sha256: string
  /** Duration from the first pick to `done`. */
  readonly milliseconds: number
  readonly chromium: string
}

/** Milliseconds without another stored part after which the upload counts as stalled. */
const patience = 180_000

/** Uploads one file in the product's page while the store, server and browser are killed and restarted as planned. */
export async function uploadThroughKills(options: KilledUploadOptions): Promise<KilledUpload> {
  const product = await startSeparately()
  const chromium = await launchChromium()
  try {
    return await new Run(product, chromium, options).go()
  } finally {
    await chromium.remove()
    await product.remove()
  }
}

class Run {
  readonly #product: SeparateProduct
  readonly #chromium: Chromium
  readonly #options: KilledUploadOptions
  /** Numbers of the parts that a kill left stored but not logged. */
  readonly #silent = new Set<number>()

  constructor(product: SeparateProduct, chromium: Chromium, options: KilledUploadOptions) {
    this.#product = product
    this.#chromium = chromium
    this.#options = options
  }

  async go(): Promise<KilledUpload> {
    const { file, plan, say = () => undefined } = this.#options
    await this.#comeBackLater()
    await this.#slowDown()
    const began = Date.now()
    let uploads = await this.#openAndPick()
    const kills: Kill[] = []
    for (const planned of plan) {
      await this.#untilStored(planned.share, uploads)
      await silence(planned.delay)
      const kill = await this.#kill(planned)
      kills.push(kill)
      say(`${kills.length}. ${planned.target} at ${Math.round(100 * this.#storedShare())} %`)
      if (planned.target === 'browser') {
        await this.#chromium.relaunch()
        uploads = await this.#openAndPick()
      }
    }
    const row = uploads.row(file.path)
    await row.waitFor('done', 600_000)
    const milliseconds = Date.now() - began
    const cookie = await cookieHeader(this.#chromium.context, this.#product.url)
    const { sha256 } = await readObject(await row.url(), cookie)
    const [listed] = await listUploads(this.#product.url, cookie, 'done')
    if (listed === undefined) throw new Error('The server lists no upload that is done.')
    const { partSize, partCount, partRuns } = await uploadOf(this.#product.url, cookie, listed.id)
    const largestPart = Math.max(partSize, ...(partRuns ?? []).map((run) => run.partSize))
    const account = settle(kills, this.#product.store.requests, largestPart)
    const version = this.#chromium.context.browser()?.version() ?? 'unknown'
    return { ...account, partSize, largestPart, partCount, sha256, milliseconds, chromium: version }
  }

  /** Visits once and quits, because Chromium writes cookies to disk only every 30 s and when it quits. */
  async #comeBackLater(): Promise<void> {
    await UploadPage.open(this.#chromium.page, this.#product.url)
    await this.#chromium.page.waitForLoadState('networkidle')
    await this.#chromium.quit()
    await this.#chromium.relaunch()
  }

  async #openAndPick(): Promise<UploadPage> {
    const uploads = await UploadPage.open(this.#chromium.page, this.#product.url)
    await uploads.pick(this.#options.file.path)
    return uploads
  }

  async #kill(planned: PlannedKill): Promise<Kill> {
    const { store, server } = this.#product
    const at = Date.now()
    switch (planned.target) {
      case 'browser':
        await this.#chromium.kill()
        return { ...planned, at, endedAt: Date.now(), cut: [], silent: new Map() }
      case 'server': {
        await server.kill()
        const endedAt = Date.now()
        await silence(planned.downtime)
        await server.restart()
        return { ...planned, at, endedAt, cut: [], silent: new Map() }
      }
      case 'store': {
        await store.kill()
        const endedAt = Date.now()
        const cut = await store.cutBodies()
        const silent = await this.#storedInSilence()
        await silence(planned.downtime)
        await store.restart()
        await this.#slowDown()
        return { ...planned, at, endedAt, cut, silent }
      }
    }
  }

  /** Sizes, by part number, of parts the store had stored but not logged as answered when it was just killed. */
  async #storedInSilence(): Promise<ReadonlyMap<number, number>> {
    const { store } = this.#product
    const numbers = acknowledgedParts(store.requests)
    const uploadIds = new Set(store.requests.flatMap(({ uploadId }) => uploadId ?? []))
    const folders = await Promise.all([...uploadIds].map((id) => store.storedParts(bucket, id)))
    const silent = folders.flatMap((parts) =>
      [...parts].filter(([number]) => !numbers.has(number) && !this.#silent.has(number)),
    )
    for (const [number] of silent) this.#silent.add(number)
    return new Map(silent)
  }

  async #slowDown(): Promise<void> {
    const { rate: bytesPerSecond } = this.#options
    const admin = new StoreAdmin(this.#product.store.url, this.#product.store.directory)
    await admin.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond } })
  }

  /** Acknowledged share of the file, 0 to 1. */
  #storedShare(): number {
    const sizes = new Map<number, number>()
    for (const { operation, acknowledged, partNumber = 0, received } of this.#product.store.requests) {
      if (operation === 'UploadPart' && acknowledged) sizes.set(partNumber, received)
    }
    return [...sizes.values()].reduce((sum, size) => sum + size, 0) / this.#options.file.size
  }

  async #untilStored(share: number, uploads: UploadPage): Promise<void> {
    let best = -1
    let since = Date.now()
    while (this.#storedShare() < share) {
      const now = this.#storedShare()
      if (now > best) {
        best = now
        since = Date.now()
      }
      const state = await uploads.row(this.#options.file.path).state()
      if (state === 'failed' || state === 'done' || Date.now() - since > patience) {
        const text = await uploads.bodyText()
        throw new Error(`The upload stands at ${Math.round(now * 100)} %, ${String(state)}:\n${text}`)
      }
      await silence(50)
    }
  }
}

function acknowledgedParts(requests: SeparateProduct['store']['requests']): ReadonlySet<number> {
  return new Set(
    requests.flatMap(({ operation, acknowledged, partNumber }) =>
      operation === 'UploadPart' && acknowledged && partNumber !== undefined ? [partNumber] : [],
    ),
  )
}
