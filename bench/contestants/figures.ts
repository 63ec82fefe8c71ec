/** A progress figure that a user was shown. */
export interface Figure {
  /** Unix milliseconds with fractions. */
  readonly at: number
  /** 0 to 100. */
  readonly percent: number
}

/** The progress figures that this page's contestant has reported so far, without repetitions. */
export const figures: Figure[] = []

/**
 * Records a progress figure, unless it equals the last one.
 *
 * @param percent 0 to 100
 */
export function noteFigure(percent: number): void {
  if (figures.at(-1)?.percent === percent) return
  figures.push({ at: performance.timeOrigin + performance.now(), percent })
}
