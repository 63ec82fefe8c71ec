import { planParts } from './part-plan.js'
import type { PartPlan } from './part-plan.js'
import { grownPartSize } from './part-wish.js'

/**
 * How one upload's file is cut. Its first parts are fixed when it is opened; how large the others are may be left open
 * until the first ones have shown what the line carries. Then it is settled, for good.
 */
export class PartLayout {
  #plan: PartPlan
  #openAfter: number | null

  /** @param openAfter the part number after which it is open; `null`: it is settled */
  constructor(plan: PartPlan, openAfter: number | null) {
    this.#plan = plan
    this.#openAfter = openAfter
    // Where nothing could grow there is nothing to wait for.
    if (this.#grown(Infinity) === plan.partSize) this.#openAfter = null
  }

  /** As things are: while it is not settled only the parts up to {@link fixed} hold. */
  get plan(): PartPlan {
    return this.#plan
  }

  get isSettled(): boolean {
    return this.#openAfter === null
  }

  /** The number of the last part that will not change. */
  get fixed(): number {
    return this.#openAfter ?? this.#plan.partCount
  }

  /** Fits the parts that are open to the line; does nothing once that is done. @param speed bytes per second */
  settle(speed: number): void {
    const { size, partSize } = this.#plan
    if (this.#openAfter === null) return
    this.#plan = planParts(size, partSize, { after: this.#openAfter, partSize: this.#grown(speed) })
    this.#openAfter = null
  }

  #grown(speed: number): number {
    const { size, partSize, partCount } = this.#plan
    return grownPartSize(partSize, size - (this.#openAfter ?? partCount) * partSize, speed)
  }
}
