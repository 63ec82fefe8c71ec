import { isCutAlike, lastOfGroup, planOpenParts, planParts, rangeOf } from '@carryon/protocol'
import type { PartPlan, PartRun } from '@carryon/protocol'

/**
 * How one upload's file is divided into parts. Sizes are decided group by group while it is sent, and then never
 * change.
 */
export class PartLayout {
  #plan: PartPlan
  #fixed: number

  /** @param fixed number of the last part whose size is decided; `null` if all are */
  constructor(size: number, runs: readonly PartRun[], fixed: number | null) {
    this.#plan = fixed === null ? planParts(size, runs) : planOpenParts(size, runs, fixed)
    this.#fixed = fixed ?? this.#plan.partCount
  }

  /** The current plan; only the parts up to {@link fixed} are final. */
  get plan(): PartPlan {
    return this.#plan
  }

  /** The number of the last part whose size is decided. */
  get fixed(): number {
    return Math.min(this.#fixed, this.#plan.partCount)
  }

  get isSettled(): boolean {
    return this.#fixed >= this.#plan.partCount
  }

  /** Bytes after the last part whose size is decided. */
  get rest(): number {
    return this.#plan.size - rangeOf(this.#plan, this.fixed).end
  }

  /** Size in bytes of the parts decided last. */
  get lastSize(): number {
    return this.#plan.runs.findLast(({ after }) => after < this.#fixed)?.partSize ?? 0
  }

  /** Whether all sizes decided in the other layout are the same here. */
  startsLike({ plan, fixed }: PartLayout): boolean {
    if (this.#plan.size !== plan.size || this.fixed < fixed) return false
    const upTo = (one: PartPlan): readonly PartRun[] => one.runs.filter(({ after }) => after < fixed)
    return isCutAlike({ ...plan, runs: upTo(this.#plan) }, { ...plan, runs: upTo(plan) })
  }

  /** Decides the sizes of the next group; does nothing once all are decided. @param partSize bytes */
  extend(partSize: number): void {
    if (this.isSettled) return
    const { size, runs } = this.#plan
    const decided = runs.filter(({ after }) => after < this.#fixed)
    const end = lastOfGroup(this.#fixed + 1)
    this.#plan = planOpenParts(size, [...decided, { after: this.#fixed, partSize }], end)
    this.#fixed = end
  }
}
