/** A figure that a person was shown. */
export interface Figure {
  /** Unix milliseconds with fractions. */
  readonly at: number
  /** 0 to 100. */
  readonly percent: number
}

/** What the contestant of this page has said so far; only what is new is noted. */
export const figures: Figure[] = []

/** @param percent 0 to 100 */
export function noteFigure(percent: number): void {
  if (figures.at(-1)?.percent === percent) return
  figures.push({ at: performance.timeOrigin + performance.now(), percent })
}
