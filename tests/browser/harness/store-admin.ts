import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FaultRule, JournalEntry } from '@carryon/local-cos'

/** The embedded store's test interface: reads the journal of requests and sets faults. */
export class StoreAdmin {
  readonly #storeUrl: string
  readonly #directory: string

  /** @param directory the store's directory, which holds the token of the current run. */
  constructor(storeUrl: string, directory: string) {
    this.#storeUrl = storeUrl
    this.#directory = directory
  }

  /** Every request that has ended since the store was started, including refused and broken ones. */
  async journal(): Promise<readonly JournalEntry[]> {
    return (await this.#call('GET', 'journal')) as readonly JournalEntry[]
  }

  /** Number of acknowledgements of each part, by `<key> <part number>`. */
  async acknowledgements(): Promise<ReadonlyMap<string, number>> {
    return countAcknowledgements(await this.journal())
  }

  /** Adds `rules` to the active faults, until `heal`. */
  async harm(...rules: readonly FaultRule[]): Promise<void> {
    await this.#call('POST', 'faults', rules)
  }

  /**
   * Slows each part upload down, so that a test can act meanwhile.
   *
   * @param bytesPerSecond per request; several requests run at once
   */
  async slowDown(bytesPerSecond = 8 * 1024 * 1024): Promise<void> {
    await this.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond } })
  }

  /** Removes all faults. */
  async heal(): Promise<void> {
    await this.#call('DELETE', 'faults')
  }

  /** How often the active rules have applied so far. */
  async strikes(): Promise<number> {
    const rules = (await this.#call('GET', 'faults')) as readonly { readonly struck: number }[]
    return rules.reduce((sum, { struck }) => sum + struck, 0)
  }

  async #call(method: string, name: string, body?: unknown): Promise<unknown> {
    const token = await readFile(join(this.#directory, 'admin-token'), 'utf8')
    const answer = await fetch(`${this.#storeUrl}/_local/${name}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${name} answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
}

export function countAcknowledgements(journal: readonly JournalEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { operation, acknowledged, key, partNumber } of journal) {
    if (operation !== 'UploadPart' || !acknowledged) continue
    const part = `${key} ${partNumber ?? 0}`
    counts.set(part, (counts.get(part) ?? 0) + 1)
  }
  return counts
}

/** Total bytes of the acknowledged parts, counting each part once. */
export function bytesStored(journal: readonly JournalEntry[]): number {
  const parts = new Map<string, number>()
  for (const { operation, acknowledged, key, partNumber, received } of journal) {
    if (operation === 'UploadPart' && acknowledged) parts.set(`${key} ${partNumber ?? 0}`, received)
  }
  return [...parts.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/**
 * Parts of `before` that have been acknowledged again since.
 *
 * The store may still complete a request whose sender is gone, from bytes already on the network, and so acknowledge
 * a part that nobody hears of. Read `before` only once the interruption is over: everything acknowledged by then can
 * be found when the upload resumes.
 */
export function sentAgain(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): readonly string[] {
  return [...before].flatMap(([part, times]) => ((after.get(part) ?? 0) > times ? [part] : []))
}
