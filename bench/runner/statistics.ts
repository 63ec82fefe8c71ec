/** Median and range of some measurements. */
export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly count: number
}

/** @throws RangeError if `values` is empty */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (index: number): number => {
    const value = sorted[index]
    if (value === undefined) throw new RangeError('There is nothing to summarize.')
    return value
  }
  const middle = Math.floor((sorted.length - 1) / 2)
  return {
    median: sorted.length % 2 === 1 ? at(middle) : (at(middle) + at(middle + 1)) / 2,
    min: at(0),
    max: at(sorted.length - 1),
    count: sorted.length,
  }
}
