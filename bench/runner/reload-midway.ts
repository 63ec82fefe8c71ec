import type { Figure } from '../contestants/figures.js'
import { pick, withPage } from './open-page.js'
import type { PickedFile, Variant } from './run-upload.js'
import type { Stand } from './stand.js'

/** What a person saw and lost who reloaded the page in the middle and picked the file again. Bytes are the line's. */
export interface ReloadedUpload {
  readonly label: string
  /** What had crossed the line when a figure of at least 1 % was first shown; `null`: none was before the reload. */
  readonly bytesAtFirstFigure: number | null
  /** From the pick to that figure, milliseconds. */
  readonly firstFigureMs: number | null
  /** The largest step from one figure to the next, percent points, before the reload. */
  readonly largestStep: number
  /** The highest figure before the reload, and the first after the second pick that was not nothing. */
  readonly figureBefore: number
  readonly figureAfter: number
  /** Bytes of the file that crossed the line more than once, or for nothing. */
  readonly bytesLost: number
}

/** Milliseconds between two looks. */
const lookEvery = 50

/**
 * Uploads one file over the stand's line, reloads the page once `share` of it has crossed the line, picks it again and
 * waits for the end.
 *
 * @throws {Error} when the upload fails or takes longer than `longestMs`
 */
export async function reloadMidway(
  stand: Stand,
  variant: Variant,
  files: readonly PickedFile[],
  { share, longestMs }: { readonly share: number; readonly longestMs: number },
): Promise<ReloadedUpload> {
  await stand.clear()
  const size = files.reduce((sum, file) => sum + file.size, 0)
  return withPage(stand, { ...variant, figures: true }, files, async ({ page, reload }) => {
    const shown = async (): Promise<{ readonly pickedAt: number; readonly figures: readonly Figure[] }> =>
      (await page.evaluate(() => globalThis.benchPage?.shown())) ?? { pickedAt: NaN, figures: [] }
    const crossed = async (): Promise<number> => {
      const { acknowledged, inVain, open } = await stand.lineAccount()
      return acknowledged + inVain + open
    }
    await pick(page, files)
    const deadline = performance.now() + longestMs
    let bytesAtFirstFigure: number | null = null
    let bytes = 0
    while (bytes < share * size) {
      if (performance.now() > deadline) throw new Error(`${variant.label} sent too little for a reload.`)
      await page.waitForTimeout(lookEvery)
      bytes = await crossed()
      const { figures } = await shown()
      if (figures.some(isFigure)) bytesAtFirstFigure ??= bytes
    }
    const before = await shown()
    await reload()
    await pick(page, files)
    const outcome = await page.evaluate((ms) => globalThis.benchPage?.outcome(ms), longestMs)
    if (outcome?.error !== null)
      throw new Error(`${variant.label} did not go on: ${outcome?.error ?? 'lost'}`)
    const after = await shown()
    const first = before.figures.find(isFigure)
    return {
      label: variant.label,
      bytesAtFirstFigure,
      firstFigureMs: first === undefined ? null : first.at - before.pickedAt,
      largestStep: largestStep(before.figures),
      figureBefore: Math.max(0, ...before.figures.map(({ percent }) => percent)),
      figureAfter: after.figures.find(isFigure)?.percent ?? 0,
      bytesLost: (await crossed()) - size,
    }
  })
}

function isFigure({ percent }: Figure): boolean {
  return percent >= 1
}

function largestStep(figures: readonly Figure[]): number {
  const values = [0, ...figures.map(({ percent }) => percent)]
  return Math.max(0, ...values.slice(1).map((value, index) => value - (values[index] ?? 0)))
}
