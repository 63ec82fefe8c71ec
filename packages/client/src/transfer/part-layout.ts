import { isCutAlike, lastOfGroup, planOpenParts, planParts, rangeOf } from '@carryon/protocol'
import type { PartPlan, PartRun } from '@carryon/protocol'

/** How one upload's file is cut. Its part sizes are decided group by group while it is sent, each for good. */
export class PartLayout {
  #plan: PartPlan
  #fixed: number

  /** @param fixed number of the last part whose size is decided; `null`: of all parts */
  constructor(size: number, runs: readonly PartRun[], fixed: number | null) {
    this.#plan = fixed === null ? planParts(size, runs) : planOpenParts(size, runs, fixed)
    this.#fixed = fixed ?? this.#plan.partCount
  }

  /** As things are: only the parts up to {@link fixed} hold. */
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

  /** Bytes of the parts decided last. */
  get lastSize(): number {
    return this.#plan.runs.findLast(({ after }) => after < this.#fixed)?.partSize ?? 0
  }

  /** Whether all that is decided in `other` is decided alike here. */
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
