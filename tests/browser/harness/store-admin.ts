import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FaultRule, JournalEntry } from '@carryon/local-cos'

/** The embedded store's side door for tests: what it answered so far, and what shall go wrong. */
export class StoreAdmin {
  readonly #storeUrl: string
  readonly #directory: string

  /** @param directory the store's, which holds the token of the run under way. */
  constructor(storeUrl: string, directory: string) {
    this.#storeUrl = storeUrl
    this.#directory = directory
  }

  /** Every request that has ended since the store was started, refused and broken ones too. */
  async journal(): Promise<readonly JournalEntry[]> {
    return (await this.#call('GET', 'journal')) as readonly JournalEntry[]
  }

  /** How often each part was acknowledged, by `<key> <part number>`. */
  async acknowledgements(): Promise<ReadonlyMap<string, number>> {
    return countAcknowledgements(await this.journal())
  }

  /** From now on `rules` are in force too, until `heal`. */
  async harm(...rules: readonly FaultRule[]): Promise<void> {
    await this.#call('POST', 'faults', rules)
  }

  /**
   * From now on each request takes its time, so that a test can act meanwhile.
   *
   * @param bytesPerSecond of each request; several go at once
   */
  async slowDown(bytesPerSecond = 8 * 1024 * 1024): Promise<void> {
    await this.harm({ operation: 'UploadPart', fault: { kind: 'rate', bytesPerSecond } })
  }

  /** Nothing goes wrong any more. */
  async heal(): Promise<void> {
    await this.#call('DELETE', 'faults')
  }

  /** How often the rules in force have struck so far. */
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

/** Bytes of the parts that were acknowledged, each part counted once. */
export function bytesStored(journal: readonly JournalEntry[]): number {
  const parts = new Map<string, number>()
  for (const { operation, acknowledged, key, partNumber, received } of journal) {
    if (operation === 'UploadPart' && acknowledged) parts.set(`${key} ${partNumber ?? 0}`, received)
  }
  return [...parts.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/**
 * Parts of `before` that were acknowledged once more since then.
 *
 * A request whose sender is gone can still be carried out from what the network holds of it, so a part may be
 * acknowledged to nobody. Hence `before` is to be read once the interruption is over: what was acknowledged by then
 * is there to be found.
 */
export function sentAgain(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): readonly string[] {
  return [...before].flatMap(([part, times]) => ((after.get(part) ?? 0) > times ? [part] : []))
}
